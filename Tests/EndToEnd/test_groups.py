"""Groups of ranks that share one run: any size gives the same bits."""

from pathlib import Path

import h5py
import pytest

from jobs import IMAGES, images
from program import Program


@pytest.mark.skipif(not IMAGES.exists(), reason=f"needs real images in {IMAGES}")
def test_groups_of_1_2_and_4_ranks_give_the_same_bits(program: Program, tmp_path: Path):
    job = images(tmp_path, examples=1000, steps=20)
    for ranks in (1, 2, 4):
        group = ["--set", f"ranks_per_run={ranks}"]
        program.run("run", job, "-o", tmp_path / f"by-{ranks}", *group, ranks=ranks)
    with h5py.File(tmp_path / "by-4" / "sweep.h5") as file:
        assert file["ranks"][0] == 4
    for ranks in (2, 4):
        program.run("compare", tmp_path / "by-1", tmp_path / f"by-{ranks}")
