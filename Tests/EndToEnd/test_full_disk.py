"""A full disk stops a sweep in order: nothing is trained and thrown away, nothing is lost."""

import re
from pathlib import Path

import pytest

from jobs import chebyshev
from machine import needs_root, on_small_disk
from program import ROOT, Program

pytestmark = [needs_root]


def words(program: Program, ranks: int) -> str:
    """The program, as the shell wants it."""
    launcher = f"{ROOT}/Scripts/mpirun -n {ranks} " if ranks > 1 else ""
    return f'{launcher}"{program.path}"'


@pytest.fixture
def disk(tmp_path: Path) -> Path:
    path = tmp_path / "disk"
    path.mkdir()
    return path


@pytest.mark.fault("L-W3")
@pytest.mark.parametrize("ranks", [1, 2])
def test_the_first_run_that_finds_no_room_is_the_last(
    program: Program, tmp_path: Path, disk: Path, ranks: int
):
    grid = "optimizer: gd\nlearning_rate: 0.01\ngrid:\n  - seed: {range: [1, 80]}\n"
    job = chebyshev(tmp_path, 20, grid)
    run = f'{words(program, ranks)} run "{job}" -o out --set shard.seconds=0'
    script = f"""
    {run}; echo "status $?"
    ls out/shards | wc -l; ls -A out out/shards | grep -c partial
    "{program.path}" status out
    "{program.path}" verify out; echo "verified $?"
    mount -o remount,size=20m .
    {run}; echo "status $?"
    "{program.path}" verify out; echo "verified $?"
    """
    first, second = on_small_disk("400k", script, disk).split("verified 0", 1)
    assert "status 75" in first
    assert first.count("disk is full") + first.count("no space left") == 1, first
    assert "Error Domain" not in first and "MPI_ABORT" not in first
    counts = re.search(r"^80 runs: (\d+) pending, (\d+) finished; computed (\d+) in", first, re.M)
    assert counts, first
    pending, finished, computed = map(int, counts.groups())
    assert finished == computed > 0 and pending + finished == 80
    shards, partial = first.split("status 75\n")[1].split()[:2]
    assert 1 <= int(shards) <= ranks and int(partial) == 0
    assert re.search(r"last session ended \S+ with exit status 75", first)
    assert "Stopped: out/shards/" in first and "the same command again" in first
    assert "80 runs: 80 finished; computed" in second and "status 0" in second
    assert "verified 0" in second


@pytest.mark.fault("L-F11")
@pytest.mark.parametrize("ranks", [1, 2])
def test_a_disk_without_room_is_told_at_the_start(
    program: Program, tmp_path: Path, disk: Path, ranks: int
):
    job = chebyshev(tmp_path, 20, "optimizer: gd\nlearning_rate: 0.01\n")
    script = f"""
    head -c 2000000 /dev/zero > fill
    {words(program, ranks)} run "{job}" -o out; echo "status $?"
    "{program.path}" doctor .; echo "doctor $?"
    ls -A
    """
    said = on_small_disk("1m", script, disk)
    assert "status 2" in said and "doctor 1" in said
    assert said.count("no space left") == 2
    assert "Error Domain" not in said and "MPI_ABORT" not in said
    assert said.splitlines()[-1] == "fill"


def test_the_merged_file_stays_whole_where_a_new_one_does_not_fit(
    program: Program, tmp_path: Path, disk: Path
):
    grid = "optimizer: gd\nlearning_rate: 0.01\ngrid:\n  - seed: {range: [1, 4]}\n"
    job = chebyshev(tmp_path, 20, grid)
    script = f"""
    "{program.path}" run "{job}" -o out --only gd-lr0.01-bfull-s1- > /dev/null
    "{program.path}" run "{job}" -o out > /dev/null; rm out/shards/*-s1-*
    sha256sum out/sweep.h5; head -c 90000000 /dev/zero > fill; truncate -s -20000 fill
    "{program.path}" merge out; echo "status $?"
    sha256sum out/sweep.h5; ls -A out | grep -c partial; true
    """
    said = on_small_disk("8m", script, disk)
    sums = [line.split()[0] for line in said.splitlines() if line.endswith("out/sweep.h5")]
    assert "status 2" in said and ("disk is full" in said or "no space left" in said)
    assert len(sums) == 2 and sums[0] == sums[1] and said.splitlines()[-1] == "0"
