"""The benchmark runs and says what it measured; how fast anything is, is no matter of tests."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from program import ROOT, Program

BENCHMARK = ROOT / "Benchmarks" / "benchmark.py"


def measure(program: Program, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, BENCHMARK, "--program", program.path, "--quick"]
    places = ["--kept", folder, "--output", folder / "RESULTS.md"]
    return subprocess.run(
        [*command, *places, *arguments], check=False, capture_output=True, text=True, timeout=300
    )


@pytest.mark.parametrize("row", ["many-runs", "step-rate", "merge"])
def test_a_row_is_measured_and_kept(program: Program, tmp_path: Path, row: str):
    done = measure(program, tmp_path, row)
    assert done.returncode == 0, done.stderr
    kept = json.loads((tmp_path / f"{row}.json").read_text())
    report = (tmp_path / "RESULTS.md").read_text()
    assert "quick: not a measurement" in report
    for line in kept["lines"]:
        assert all(value > 0 for value in line["values"])
        assert line["what"] in report


def test_what_doctor_finds_does_not_keep_the_table_from_being_written(
    program: Program, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("OPENBLAS_CORETYPE", "Prescott")
    if program.run("doctor", tmp_path, status=None).returncode != 1:
        pytest.skip("this machine has no better kernel")
    done = measure(program, tmp_path, "sweep-overhead")
    assert done.returncode == 0, done.stderr
    report = (tmp_path / "RESULTS.md").read_text()
    assert "- level: " in report and "- BLAS: OpenBLAS" in report


def test_an_unknown_row_is_refused_with_the_known_ones(program: Program, tmp_path: Path):
    done = measure(program, tmp_path, "speed")
    assert done.returncode == 2
    assert "speed" in done.stderr and "step-rate" in done.stderr
    assert not list(tmp_path.iterdir())
