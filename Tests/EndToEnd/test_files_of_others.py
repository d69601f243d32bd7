"""What may not be read is not taken for absent, and what another put there is not replaced."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from jobs import chebyshev
from machine import as_other_user, contents, folder_for_all, needs_root, on_small_disk
from program import Program

TWO_RUNS = "optimizer: gd\ngrid:\n  - learning_rate: [0.01, 0.02]\n"


@pytest.fixture(scope="module")
def made(program: Program, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sweep of two runs beside its job and another job."""
    folder = tmp_path_factory.mktemp("made")
    job = chebyshev(folder, 20, TWO_RUNS)
    (folder / "other.yaml").write_text(job.read_text().replace("name: small", "name: other"))
    program.run("run", job, "-o", folder / "out")
    program.run("run", folder / "other.yaml", "-o", folder / "another")
    return folder


@pytest.fixture
def folder(made: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(made, tmp_path / "copy"))


@pytest.fixture(scope="module")
def open_folder(program: Program) -> Iterator[tuple[Path, Program]]:
    with folder_for_all(program) as opened:
        yield opened


@pytest.fixture
def shared(open_folder: tuple[Path, Program], made: Path) -> Iterator[tuple[Path, Program]]:
    """The same in a folder of a group: all may write, `out` belongs to the user of the tests."""
    folder, program = open_folder
    place = Path(shutil.copytree(made, folder / "place"))
    for path in (place, place / "out", *(place / "out").rglob("*")):
        path.chmod(0o777 if path.is_dir() else 0o644)
    (place / "out" / ".lock").chmod(0o666)
    (place / "out" / "events.jsonl").chmod(0o666)
    yield place, program
    shutil.rmtree(place)


# --- Rights


@needs_root
@pytest.mark.fault("L-F5")
@pytest.mark.parametrize(
    "command",
    [
        "run other.yaml -o out",
        "run small.yaml -o out",
        "plan small.yaml -o out",
        "status out",
        "merge out",
        "merge out -o m.h5",
        "verify out",
        "show out gd-lr0.01",
    ],
)
@pytest.mark.parametrize("closed", ["out/sweep.json", "out/shards", "out"])
def test_what_may_not_be_read_is_not_absent(
    shared: tuple[Path, Program], command: str, closed: str
):
    place, program = shared
    before = contents(place)
    (place / closed).chmod(0o600 if closed.endswith("json") else 0o700)
    done = as_other_user([str(program.path), *command.split()], place)
    assert done.returncode == 2, done.stdout + done.stderr
    if command.startswith("run other") and closed == "out/shards":
        assert "holds the sweep 'small'" in done.stderr
    else:
        assert closed in done.stderr and "permission denied" in done.stderr
    (place / closed).chmod(0o777)
    assert contents(place) == before


@needs_root
@pytest.mark.fault("L-F5")
def test_files_of_a_closed_directory_are_not_said_to_be_missing(shared: tuple[Path, Program]):
    place, program = shared
    (place / "out").chmod(0o700)
    for command in ("verify out/sweep.h5", "compare out/sweep.h5 out", "show out/sweep.h5 gd"):
        done = as_other_user([str(program.path), *command.split()], place)
        assert done.returncode == 2
        assert "permission denied" in done.stderr and "no such" not in done.stderr
    (place / "out").chmod(0o777)
    (place / "out" / "shards").chmod(0o700)
    done = as_other_user([str(program.path), "compare", "out", "out"], place)
    assert done.returncode == 2 and "permission denied" in done.stderr


@needs_root
@pytest.mark.fault("L-F5")
def test_a_shard_that_may_not_be_read_is_not_computed_again(shared: tuple[Path, Program]):
    place, program = shared
    before = contents(place)
    shard = min((place / "out" / "shards").glob("*.h5"))
    shard.chmod(0o600)
    for command in ("run small.yaml -o out", "plan small.yaml -o out", "merge out"):
        done = as_other_user([str(program.path), *command.split()], place)
        assert done.returncode == 2, done.stdout
        assert shard.name in done.stderr and "permission denied" in done.stderr
    done = as_other_user([str(program.path), "status", "out"], place)
    assert "permission denied" in done.stdout and "computed again" not in done.stdout
    assert contents(place) == before


# --- Another sweep


@pytest.mark.fault("L-F5")
@pytest.mark.parametrize("left", [None, 10, 1000])
def test_a_damaged_manifest_gives_no_directory_away(
    program: Program, folder: Path, left: int | None
):
    manifest = folder / "out" / "sweep.json"
    if left is None:
        manifest.unlink()
    else:
        manifest.write_bytes(manifest.read_bytes()[:left])
    before = contents(folder)
    for command in ("run", "plan"):
        done = program.run(command, folder / "other.yaml", "-o", folder / "out", status=2)
        assert "holds the sweep 'small'" in done.stderr
    assert contents(folder) == before
    program.run("run", folder / "small.yaml", "-o", folder / "out")
    program.run("verify", folder / "out")


@pytest.mark.fault("L-F14")
@pytest.mark.parametrize("name", ["sweep.h5", "sweep.json", "events.jsonl", ".lock", "shards"])
def test_nothing_else_stands_at_the_place_of_a_sweeps_files(
    program: Program, folder: Path, name: str
):
    out = folder / "new"
    out.mkdir()
    (out / name).write_text("text") if name == "shards" else (out / name).mkdir()
    if name == "sweep.h5":
        (out / name).rmdir()
        (out / name).write_text("a diary")
    before = contents(folder)
    done = program.run("run", folder / "small.yaml", "-o", out, status=2)
    assert str(out / name) in done.stderr
    assert contents(folder) == before


# --- merge -o


@pytest.mark.fault("L-F14")
@pytest.mark.parametrize(
    ("target", "words"),
    [
        ("small.yaml", "was not written by eos-sweep"),
        ("out/sweep.json", "was not written by eos-sweep"),
        ("foreign.h5", "was not written by eos-sweep"),
        ("empty", "was not written by eos-sweep"),
        ("out/shards/SHARD", "lies in a directory of shards"),
        ("link-to-shards/SHARD", "lies in a directory of shards"),
        ("out/shards/new.h5", "lies in a directory of shards"),
        ("other.h5", "holds the sweep 'other'"),
        ("out", "is a directory"),
        ("new/", "is the name of a directory"),
        ("pipe", "is a device or a pipe"),
        ("link-to-nothing", "is a link to nothing"),
        ("nowhere/m.h5", "no such file or directory"),
        ("small.yaml/m.h5", "not a directory"),
    ],
)
def test_merge_replaces_merged_files_only(program: Program, folder: Path, target: str, words: str):
    import h5py

    with h5py.File(folder / "foreign.h5", "w") as file:
        file["data"] = 1
    (folder / "empty").touch()
    os.mkfifo(folder / "pipe")
    (folder / "link-to-nothing").symlink_to("nothing")
    (folder / "link-to-shards").symlink_to("out/shards")
    shutil.copy(folder / "another" / "sweep.h5", folder / "other.h5")
    shard = min((folder / "out" / "shards").glob("*.h5"))
    before = contents(folder)
    target = target.replace("SHARD", shard.name)
    done = program.run("merge", folder / "out", "-o", f"{folder}/{target}", status=2)
    assert target.rstrip("/") in done.stderr and words in done.stderr
    assert contents(folder) == before


@needs_root
@pytest.mark.fault("L-F14")
def test_merge_leaves_devices_alone(program: Program, folder: Path, tmp_path: Path):
    disk = tmp_path / "disk"
    disk.mkdir()
    script = f"""
    mknod null c 1 3
    "{program.path}" merge "{folder}/out" -o null; echo "status $?"
    test -c null && echo still a device
    """
    said = on_small_disk("1m", script, disk)
    assert "status 2" in said and "still a device" in said


@pytest.mark.fault("L-F11", "L-F14")
def test_merged_files_follow_links_and_replace_their_own(program: Program, folder: Path):
    (folder / "elsewhere").mkdir()
    target = folder / "elsewhere" / "m.h5"
    link = folder / "link.h5"
    program.run("merge", folder / "out", "-o", target)
    link.symlink_to("elsewhere/m.h5")
    damaged = bytearray(target.read_bytes())
    damaged[len(damaged) // 2] ^= 1
    target.write_bytes(damaged)
    program.run("merge", folder / "out", "-o", link)
    assert link.is_symlink()
    program.run("verify", target)


@pytest.mark.fault("L-F11")
def test_several_merges_to_one_file_all_succeed(program: Program, folder: Path):
    command = program.command("merge", folder / "out", "-o", folder / "m.h5")
    merges = [
        subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        for _ in range(6)
    ]
    for merge in merges:
        _, said = merge.communicate(timeout=60)
        assert merge.returncode == 0, said
    program.run("verify", folder / "m.h5")
    assert [path.name for path in folder.glob(".*")] == []


# --- What a killed writer leaves


@pytest.mark.fault("L-W3")
def test_unfinished_files_are_never_results(program: Program, folder: Path):
    out = folder / "out"
    shard = min((out / "shards").glob("*.h5"))
    host = os.uname().nodename
    dead = out / "shards" / f".{shard.name}.{host}-{2**31 - 1}-1.partial"
    hidden = out / "shards" / ".hidden.h5"
    alive = out / "shards" / f"{shard.name}.partial"
    for path in (dead, hidden, alive):
        path.write_bytes(shard.read_bytes()[:1000])
    program.run("verify", out)
    program.run("status", out)
    done = program.run("run", folder / "small.yaml", "-o", out)
    assert alive.name in done.stderr and not dead.exists() and alive.exists()


# --- show


def test_a_run_is_shown_from_a_merged_file_too(program: Program, folder: Path):
    from_directory = program.run("show", folder / "out", "gd-lr0.02").stdout
    assert program.run("show", folder / "out" / "sweep.h5", "gd-lr0.02").stdout == from_directory
    done = program.run("show", folder / "out" / "sweep.h5", "gd", status=2)
    assert "2 runs begin so" in done.stderr
