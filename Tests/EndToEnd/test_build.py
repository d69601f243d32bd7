"""What a program says of the sources that it was built from."""

import os
import shutil
import subprocess

import pytest

from program import ROOT, Program


@pytest.mark.skipif("EOS_SWEEP" in os.environ, reason="EOS_SWEEP names a program built elsewhere")
@pytest.mark.skipif(not shutil.which("git") or not (ROOT / ".git").exists(), reason="no git here")
def test_it_names_the_commit_of_its_sources(program: Program):
    """Also where it was built before, from another commit: files carry that name."""
    git = subprocess.run(
        ["git", "rev-parse", "HEAD"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    assert git.stdout.strip() in program.run("--version").stdout, "run Scripts/build"
