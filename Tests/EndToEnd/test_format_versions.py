"""Files of format version 1 verify, merge and compare, and sweeps that have such files go on."""

import shutil
from pathlib import Path

import h5py
import pytest
import xarray as xr

import version_1
from program import Program

JOB = """\
name: small
data: {name: chebyshev, degree: 4, points: 20}
model: {name: mlp, hidden: [8]}
stop: {steps: 40}
measure: {every: 10, top: 2, smallest: true, per_layer: true}
keep_weights: final
grid:
  - optimizer: adam
    learning_rate: 0.01
    seed: [3, 9007199254740993]
  - optimizer: gd
    learning_rate: [0.05, 500.0]
    schedule: {warmup: 10}
    batch_size: 5
"""


@pytest.fixture(scope="module")
def sweep(program: Program, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sweep of today with runs that finished, diverged and are pending."""
    folder = tmp_path_factory.mktemp("sweep")
    (folder / "job.yaml").write_text(JOB)
    (folder / "more.yaml").write_text(JOB.replace("0.05, 500.0", "0.05, 500.0, 0.02"))
    program.run("run", folder / "job.yaml", "-o", folder / "today")
    return folder


@pytest.fixture(scope="module")
def older(sweep: Path) -> Path:
    """The same sweep as an older program would have left it."""
    directory = sweep / "older"
    (directory / "shards").mkdir(parents=True)
    shutil.copy(sweep / "today" / "sweep.json", directory)
    (shard,) = (sweep / "today" / "shards").iterdir()
    with h5py.File(shard) as file:
        runs = file["run"].asstr()[:].tolist()
    for row, run in enumerate(runs):
        version_1.write(shard, directory / "shards" / f"{run}.h5", row)
    version_1.write(sweep / "today" / "sweep.h5", directory / "sweep.h5")
    return directory


def statuses(path: Path) -> list[str]:
    with xr.open_dataset(path) as sweep:
        return sweep.status.values.tolist()


def test_older_files_verify_compare_and_merge(program: Program, sweep: Path, older: Path):
    assert "5 files verified: no problem" in program.run("verify", older).stdout
    for path in ("", "sweep.h5"):
        assert "4 runs" in program.run("compare", older / path, sweep / "today" / path).stdout
    merged = sweep / "merged.h5"
    program.run("merge", older, "-o", merged)
    program.run("verify", merged)
    assert "4 runs" in program.run("compare", merged, sweep / "today").stdout
    assert statuses(merged) == ["finished"] * 3 + ["diverged"]


def test_shards_of_both_versions_merge(program: Program, sweep: Path, older: Path, tmp_path: Path):
    mixed = shutil.copytree(older, tmp_path / "mixed")
    gone, *_ = sorted((mixed / "shards").iterdir())
    gone.unlink()
    program.run("run", sweep / "job.yaml", "-o", tmp_path / "one", "--only", gone.stem)
    (shard,) = (tmp_path / "one" / "shards").iterdir()
    shutil.copy(shard, mixed / "shards")
    assert "no problem" in program.run("verify", mixed).stdout
    program.run("merge", mixed)
    assert statuses(mixed / "sweep.h5") == ["finished"] * 3 + ["diverged"]
    with xr.open_dataset(mixed / "sweep.h5") as merged:
        assert merged.seed.values.tolist() == [3, 9007199254740993, 0, 0]
        assert merged.warmup.values.tolist() == [0, 0, 10, 10]
        assert merged.bias_correction.values.tolist() == ["yes", "yes", "", ""]
    program.run("compare", mixed / "sweep.h5", sweep / "today")


def test_an_older_sweep_goes_on(program: Program, sweep: Path, older: Path, tmp_path: Path):
    directory = shutil.copytree(older, tmp_path / "sweep")
    before = {path: path.read_bytes() for path in (directory / "shards").iterdir()}
    done = program.run("run", sweep / "more.yaml", "-o", directory)
    assert "computed 1 " in done.stdout
    assert all(path.read_bytes() == content for path, content in before.items())
    versions = []
    for path in (directory / "shards").iterdir():
        with h5py.File(path) as file:
            versions.append(int(file.attrs["format_version"]))
    assert sorted(versions) == [1, 1, 1, 1, 2]
    assert "6 files verified: no problem" in program.run("verify", directory).stdout
    program.run("run", sweep / "more.yaml", "-o", tmp_path / "anew")
    assert "5 runs" in program.run("compare", directory, tmp_path / "anew").stdout


def test_damage_to_an_older_shard_is_found(program: Program, older: Path, tmp_path: Path):
    directory = shutil.copytree(older, tmp_path / "sweep")
    flipped, unsealed, *_ = sorted((directory / "shards").iterdir())
    content = bytearray(flipped.read_bytes())
    content[len(content) // 2] ^= 4
    flipped.write_bytes(content)
    content = bytearray(unsealed.read_bytes())
    content[-16] ^= 1
    unsealed.write_bytes(content)
    done = program.run("verify", directory, status=1)
    assert str(flipped) in done.stdout and str(unsealed) in done.stdout
    assert "2 problems" in done.stdout


@pytest.mark.fault("L-W14", "D-F12")
def test_words_and_integers_need_no_help(program: Program, sweep: Path, tmp_path: Path):
    job = sweep / "job.yaml"
    only = ["--only", "adam-lr0.01-bfull-s3"]
    first = program.run("run", job, "-o", tmp_path / "sweep", *only)
    assert "1 finished" in first.stdout
    with xr.open_dataset(tmp_path / "sweep" / "sweep.h5") as part:
        assert (part.status == "finished").values.tolist() == [True, False, False, False]
        assert (part.status == "pending").values.tolist() == [False, True, True, True]
        assert part.seed.dtype == "int64"
        assert (part.seed == 9007199254740993).values.tolist() == [False, True, False, False]
        assert part.batch_size.values.tolist() == [20, 20, 5, 5]
        assert set(part.examples.values.tolist()) == {20}
        assert set(part.parameters.values.tolist()) == {8 + 8 + 8 + 1}
        assert part.ranks.values.tolist() == [1, 0, 0, 0]
        assert {part[name].dtype.kind for name in ("steps_taken", "ranks", "block_size")} == {"i"}
