"""One level gives the same bits on CPUs of other models, which QEMU stands in for."""

import shutil
import subprocess
from pathlib import Path

import pytest

from program import Program

EMULATOR = shutil.which("qemu-x86_64")

JOB = """\
name: cpus
data: {name: gaussian-mixture, examples: 120, features: 50, classes: 3}
model: {name: mlp, hidden: [60], activation: tanh}
loss: cross-entropy
stop: {steps: 2}
measure: {every: 2, top: 1}
keep_weights: final
learning_rate: 0.01
grid:
  - optimizer: {name: adam}
    precision: [float, double]
"""
"""Products of 120 x 60 x 50 go through OpenBLAS, the others through our own loops."""


pytestmark = pytest.mark.skipif(
    not EMULATOR, reason="qemu-x86_64 (Debian's qemu-user) is not installed"
)


@pytest.mark.parametrize(
    ("model", "level"),
    [
        ("core2duo", "x86-64"),
        ("Nehalem", "x86-64-v2"),
        ("SandyBridge", "x86-64-avx"),
        ("Haswell", "x86-64-v3"),
    ],
)
def test_the_level_of_a_cpu_is_the_best_it_has(program: Program, model: str, level: str):
    command = [EMULATOR, "-cpu", model, program.path, "doctor"]
    told = subprocess.run(command, check=True, capture_output=True, text=True, timeout=60).stdout
    line = next(line for line in told.splitlines() if line.startswith("level:"))
    assert line.split()[1].rstrip(",") == level


@pytest.mark.fault("numeric-level")
@pytest.mark.parametrize(("model", "level"), [("Haswell", "v3"), ("Nehalem", "v2")])
def test_the_model_of_the_cpu_decides_no_bit(
    program: Program, model: str, level: str, tmp_path: Path
):
    """What an emulated CPU computes at its best level is what this one computes at that level."""
    job = tmp_path / "cpus.yaml"
    job.write_text(JOB)
    options = ["--numeric-level", level]
    if program.run("doctor", tmp_path, *options, status=None).returncode == 2:
        pytest.skip(f"this machine cannot compute at {level}")
    emulated = [EMULATOR, "-cpu", model, program.path, "run", job, "-o", tmp_path / "emulated"]
    subprocess.run(emulated, check=True, capture_output=True, timeout=300)
    program.run("run", job, "-o", tmp_path / "own", *options)
    program.run("compare", tmp_path / "emulated", tmp_path / "own")
    other_cache = {"OPENBLAS_L2_SIZE": "2048"}
    program.run("run", job, "-o", tmp_path / "cache", *options, environment=other_cache)
    program.run("compare", tmp_path / "cache", tmp_path / "own")
