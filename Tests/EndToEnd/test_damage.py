"""Damage is found wherever it is; a file that another program wrote is not taken for damaged."""

import random
import shutil
from pathlib import Path

import h5py
import netCDF4
import pytest
import xarray as xr

from program import Program

JOB = """\
name: small
data: {name: chebyshev, degree: 4, points: 20}
model: {name: mlp, hidden: [8]}
stop: {steps: 200}
measure: {every: 20, top: 2}
grid:
  - optimizer: [gd, adam]
    learning_rate: 0.01
"""


@pytest.fixture(scope="module")
def sweep(program: Program, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sweep of two runs."""
    folder = tmp_path_factory.mktemp("damage")
    (folder / "job.yaml").write_text(JOB)
    program.run("run", folder / "job.yaml", "-o", folder / "sweep")
    return folder / "sweep"


def damaged(content: bytes, trial: int, generator: random.Random) -> bytes:
    """1 to 4 bits flipped: of four trials one flips two signs, one the end of the file."""
    flipped = bytearray(content)
    if trial % 4 == 1:
        places = [64 * word + 63 for word in generator.sample(range(len(content) // 8 - 5), 2)]
    elif trial % 4 == 2:
        places = generator.sample(range(8 * (len(content) - 40), 8 * len(content)), trial % 3 + 1)
    else:
        places = generator.sample(range(8 * len(content)), generator.randint(1, 4))
    for place in places:
        flipped[place // 8] ^= 1 << place % 8
    return bytes(flipped)


@pytest.mark.fault("seal")
def test_up_to_four_flipped_bits_are_found(program: Program, sweep: Path, tmp_path: Path):
    generator = random.Random(9)
    (tmp_path / "shards").mkdir()
    shutil.copy(sweep / "sweep.json", tmp_path)
    shard = next(iter(sorted((sweep / "shards").iterdir())))
    for source in (shard, sweep / "sweep.h5"):
        content = source.read_bytes()
        for trial in range(200):
            path = tmp_path / "shards" / f"{source.stem}-{trial}.h5"
            path.write_bytes(damaged(content, trial, generator))
    done = program.run("verify", tmp_path, status=1)
    told = {line.split(": ")[0] for line in done.stdout.splitlines()}
    assert [p.name for p in (tmp_path / "shards").iterdir() if str(p) not in told] == []


@pytest.mark.fault("seal")
def test_an_end_that_is_cut_off_is_found(program: Program, sweep: Path, tmp_path: Path):
    (tmp_path / "shards").mkdir()
    shutil.copy(sweep / "sweep.json", tmp_path)
    content = (sweep / "sweep.h5").read_bytes()
    lengths = [*range(len(content) - 41, len(content)), 0, 1, 100, 2000, len(content) // 2]
    for length in lengths:
        (tmp_path / "shards" / f"{length}.h5").write_bytes(content[:length])
    done = program.run("verify", tmp_path, status=1)
    told = {line.split(": ")[0] for line in done.stdout.splitlines()}
    assert [n for n in lengths if str(tmp_path / "shards" / f"{n}.h5") not in told] == []


def test_the_runs_of_a_damaged_shard_are_computed_again(
    program: Program, sweep: Path, tmp_path: Path
):
    directory = shutil.copytree(sweep, tmp_path / "sweep")
    shard = next((directory / "shards").iterdir())
    content = bytearray(shard.read_bytes())
    content[1007] ^= 0x80
    content[2007] ^= 0x80
    shard.write_bytes(content)
    done = program.run("run", sweep.parent / "job.yaml", "-o", directory)
    assert str(shard) in done.stderr and "checksum" in done.stderr
    assert "computed 2 " in done.stdout
    aside = shard.with_name(f"{shard.name}.damaged")
    assert aside.read_bytes() == content and str(aside) in done.stderr
    program.run("verify", directory)
    program.run("compare", directory, sweep)
    assert "was damaged" not in program.run("status", directory).stdout


def by_hdf5(source: Path, target: Path, values: dict[str, float] | None = None) -> None:
    """What h5repack -f GZIP=9 makes: every dataset compressed anew."""
    with h5py.File(source) as old, h5py.File(target, "w", track_order=True) as new:
        new.attrs.update(old.attrs)
        for name, dataset in old.items():
            packed = {"compression": "gzip", "compression_opts": 9, "chunks": True}
            options = packed if dataset.size and dataset.dtype.kind != "O" else {}
            copy = new.create_dataset(
                name, data=dataset[()], dtype=dataset.dtype, fillvalue=dataset.fillvalue, **options
            )
            for key in set(dataset.attrs) - {"REFERENCE_LIST", "DIMENSION_LIST"}:
                copy.attrs[key] = dataset.attrs[key]
            if name in (values or {}):
                copy[(0,) * copy.ndim] = values[name]
        for name, dataset in old.items():
            for axis, dimension in enumerate(dataset.dims if not dataset.is_scale else []):
                new[name].dims[axis].attach_scale(new[Path(dimension[0].name).name])


def by_netcdf(source: Path, target: Path) -> None:
    """What ncks -O and nccopy -d5 make: every variable defined and written by netCDF."""
    with netCDF4.Dataset(source) as old, netCDF4.Dataset(target, "w") as new:
        old.set_auto_mask(False)
        new.setncatts({name: old.getncattr(name) for name in old.ncattrs()})
        for name, dimension in old.dimensions.items():
            new.createDimension(name, dimension.size)
        for name, variable in old.variables.items():
            options = {} if variable.dtype is str else {"zlib": True, "complevel": 5}
            fill = getattr(variable, "_FillValue", None)
            copy = new.createVariable(
                name, variable.dtype, variable.dimensions, fill_value=fill, **options
            )
            copy.setncatts(
                {key: variable.getncattr(key) for key in variable.ncattrs() if key != "_FillValue"}
            )
            if variable.size:
                copy[...] = variable[...]


def by_xarray(source: Path, target: Path) -> None:
    with xr.open_dataset(source) as sweep:
        sweep.to_netcdf(target)


def by_editing(source: Path, target: Path) -> None:
    shutil.copy(source, target)
    with h5py.File(target, "a") as file:
        file["mine"] = list(range(1000))


@pytest.mark.fault("D-W9")
@pytest.mark.parametrize("rewrite", [by_hdf5, by_netcdf, by_xarray, by_editing])
def test_a_rewritten_file_is_named_and_used(program: Program, sweep: Path, rewrite, tmp_path: Path):
    target = tmp_path / "copy.h5"
    rewrite(sweep / "sweep.h5", target)
    lines = program.run("verify", target, status=0).stdout.splitlines()
    assert lines == [
        f"{target}: rewritten by another program; the values of all runs are whole",
        "1 file verified: no problem",
    ]
    assert "2 runs" in program.run("compare", target, sweep / "sweep.h5").stdout


def test_a_value_that_is_wrong_in_a_rewritten_file_is_found(
    program: Program, sweep: Path, tmp_path: Path
):
    by_hdf5(sweep / "sweep.h5", tmp_path / "copy.h5", {"gradient_norm": 0.5})
    done = program.run("verify", tmp_path / "copy.h5", status=1)
    assert "the checksum of its values does not match" in done.stdout
    assert "1 problem" in done.stdout and "are whole" not in done.stdout


@pytest.mark.fault("L-W13")
def test_the_job_stands_once(program: Program, sweep: Path, tmp_path: Path):
    (tmp_path / "job.yaml").write_text("# " + 200_000 * "x" + "\n" + JOB)
    program.run("run", tmp_path / "job.yaml", "-o", tmp_path / "sweep")
    assert max(p.stat().st_size for p in (tmp_path / "sweep" / "shards").iterdir()) < 100_000
    with h5py.File(tmp_path / "sweep" / "sweep.h5") as file:
        assert len(file.attrs["sweep_yaml"]) > 200_000
    program.run("compare", tmp_path / "sweep", sweep)


@pytest.mark.fault("D-W9")
def test_every_reader_knows_the_filters(sweep: Path):
    for path in [sweep / "sweep.h5", *(sweep / "shards").iterdir()]:
        with netCDF4.Dataset(path) as file:
            for name, variable in file.variables.items():
                assert not (variable.filters() or {}).get("fletcher32"), name


@pytest.fixture
def named_after_runs(program: Program, sweep: Path, tmp_path: Path) -> Path:
    """The sweep with a shard for every run, called after it, as older programs left it."""
    copy = shutil.copytree(sweep, tmp_path / "named")
    (only,) = (copy / "shards").iterdir()
    only.unlink()
    with xr.open_dataset(sweep / "sweep.h5") as merged:
        runs = merged.run.values.tolist()
    for number, run in enumerate(runs):
        folder = tmp_path / str(number)
        program.run("run", sweep.parent / "job.yaml", "-o", folder, "--only", run)
        (shard,) = (folder / "shards").iterdir()
        shutil.copy(shard, copy / "shards" / f"{run}.h5")
    return copy


def test_a_directory_with_a_shard_for_every_run_goes_on(
    program: Program, sweep: Path, named_after_runs: Path
):
    done = program.run("run", sweep.parent / "job.yaml", "-o", named_after_runs)
    assert "computed 0 " in done.stdout or "nothing" in done.stdout
    assert "3 files verified: no problem" in program.run("verify", named_after_runs).stdout
    program.run("merge", named_after_runs)
    program.run("compare", named_after_runs / "sweep.h5", sweep)


def test_a_shard_under_the_name_of_another_run_is_told(program: Program, named_after_runs: Path):
    first, second = sorted((named_after_runs / "shards").glob("*.h5"))
    second.write_bytes(first.read_bytes())
    merged = (named_after_runs / "sweep.h5").read_bytes()
    for command, status in (("verify", 1), ("merge", 2)):
        done = program.run(command, named_after_runs, status=status)
        assert f"{second.name}: holds the run {first.stem}" in done.stdout + done.stderr
    assert (named_after_runs / "sweep.h5").read_bytes() == merged, "it still has both runs"


def test_a_shard_of_a_newer_program_is_refused(program: Program, sweep: Path, tmp_path: Path):
    copy = shutil.copytree(sweep, tmp_path / "sweep")
    shard = next((copy / "shards").iterdir())
    with h5py.File(shard, "r+") as file:
        file.attrs["format_version"] = 99
    content = shard.read_bytes()
    job = sweep.parent / "job.yaml"
    for command in (["run", job, "-o", copy], ["merge", copy], ["plan", job, "-o", copy]):
        done = program.run(*command, status=2)
        assert f"{shard.name}: it has format version 99" in done.stderr
    assert shard.read_bytes() == content
    assert (copy / "sweep.h5").read_bytes() == (sweep / "sweep.h5").read_bytes()
