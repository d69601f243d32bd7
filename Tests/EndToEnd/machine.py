"""Other users and small disks, for tests that root alone can make."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from program import Program

needs_root = pytest.mark.skipif(
    os.geteuid() != 0, reason="only root can be another user or mount a small disk"
)

OTHER_USER = 54_321
"""A number that no user of the machine has."""


@contextmanager
def folder_for_all(program: Program) -> Iterator[tuple[Path, Program]]:
    """A folder that every user can reach and write to, with the program in it."""
    with tempfile.TemporaryDirectory(prefix="eos-sweep-") as name:
        folder = Path(name)
        folder.chmod(0o777)
        copy = folder / ".program" / "eos-sweep"
        copy.parent.mkdir(mode=0o755)
        shutil.copy(program.path, copy)
        copy.chmod(0o755)
        yield folder, Program(copy)


def as_other_user(
    command: list[str] | list[bytes], folder: Path
) -> subprocess.CompletedProcess[str]:
    """Runs a command as a user without any rights, if the tests may."""
    user = ["setpriv", f"--reuid={OTHER_USER}", f"--regid={OTHER_USER}", "--clear-groups"]
    return subprocess.run(
        [*(user if os.geteuid() == 0 else []), *command],
        cwd=folder,
        env=os.environ | {"HOME": str(folder), "TMPDIR": "/tmp"},
        capture_output=True,
        text=True,
        errors="replace",
        timeout=120,
    )


def on_small_disk(size: str, script: str, folder: Path) -> str:
    """What a script prints in a directory that is a disk of its own, gone afterwards."""
    mount = f'mount -t tmpfs -o size={size} small "$0" && cd "$0" && exec 2>&1\n{script}'
    done = subprocess.run(
        ["unshare", "--mount", "bash", "-c", mount, str(folder)],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def contents(folder: Path) -> dict[str, bytes | str]:
    """Everything below a folder: the bytes of files, the targets of links."""
    return {
        str(path.relative_to(folder)): str(path.readlink())
        if path.is_symlink()
        else path.read_bytes()
        if path.is_file()
        else "other"
        for path in sorted(folder.rglob("*"))
        if ".program" not in path.parts
    }
