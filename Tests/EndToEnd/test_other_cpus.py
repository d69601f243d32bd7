"""One level gives the same bits on CPUs of other models, which QEMU stands in for."""

import shutil
from pathlib import Path

import pytest

from jobs import chebyshev
from program import Program

EMULATOR = shutil.which("qemu-x86_64")


@pytest.mark.skipif(not EMULATOR, reason="qemu-x86_64 (qemu-user) is not installed")
def test_the_model_of_the_cpu_decides_no_bit(program: Program, tmp_path: Path):
    """Another maker's CPU without AVX-512, at the level that it has, chosen by itself and forced."""
    job = chebyshev(tmp_path, 20, "optimizer: adam\nlearning_rate: 0.01\nmeasure: {every: 10}\n")
    print(job)
