"""Variables of launchers are inherited, so they do not say what a command is to do."""

import os
import shutil
import subprocess
from pathlib import Path

import h5py
import pytest

from jobs import chebyshev
from program import ROOT, Program

ONE_RUN = "optimizer: gd\nlearning_rate: 0.01\n"

RANKS = [
    {"SLURM_PROCID": "3"},
    {"PMI_RANK": "3"},
    {"PMIX_RANK": "3"},
    {"OMPI_COMM_WORLD_RANK": "3"},
]

BATCH_STEP = {"SLURM_JOB_ID": "1", "SLURM_PROCID": "0", "SLURM_NTASKS": "64"}
"""What the script of a SLURM job finds, in which nobody has called srun."""

INTERACTIVE_STEP = BATCH_STEP | {
    "SLURM_JOBID": "1",
    "SLURM_STEP_ID": "0",
    "SLURM_STEPID": "0",
    "SLURM_STEP_NUM_TASKS": "1",
    "SLURM_NODELIST": "node1",
}
"""What a shell finds that `srun --pty bash` started."""

PRINTS = {"encoding": "utf-8", "capture_output": True, "timeout": 60}


@pytest.fixture(scope="module")
def sweep(program: Program, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sweep of one run, beside its job."""
    folder = tmp_path_factory.mktemp("launchers")
    program.run("run", chebyshev(folder, 20, ONE_RUN), "-o", folder / "sweep")
    return folder / "sweep"


@pytest.fixture
def damaged(sweep: Path, tmp_path: Path) -> Path:
    content = bytearray((sweep / "sweep.h5").read_bytes())
    content[len(content) // 2] ^= 1
    (tmp_path / "damaged.h5").write_bytes(content)
    return tmp_path / "damaged.h5"


@pytest.mark.fault("L-F1")
@pytest.mark.parametrize("variables", RANKS, ids=lambda variables: next(iter(variables)))
def test_a_rank_variable_hides_no_damage_and_no_mistake(
    program: Program, damaged: Path, variables: dict[str, str]
):
    found = program.run("verify", damaged, status=1, environment=variables)
    assert "problem" in found.stdout
    assert "Usage" in program.run("vreify", damaged, status=2, environment=variables).stderr


@pytest.mark.fault("L-F1")
def test_a_rank_variable_keeps_no_command_from_its_work(
    program: Program, sweep: Path, tmp_path: Path
):
    variables = RANKS[0] | RANKS[1] | RANKS[2] | RANKS[3]
    assert "1 of 1" in program.run("status", sweep, environment=variables).stdout
    assert "gd" in program.run("plan", sweep.parent / "small.yaml", environment=variables).stdout
    assert "finished" in program.run("show", sweep, "gd", environment=variables).stdout
    assert program.run("compare", sweep, sweep, environment=variables).stdout
    program.run("merge", sweep, "-o", tmp_path / "m.h5", environment=variables)
    assert h5py.is_hdf5(tmp_path / "m.h5")
    for wrong in (["run", "--bogus"], ["bench", "nope.yaml"], ["status", "nope"]):
        assert wrong[-1].lstrip("-") in program.run(*wrong, status=2, environment=variables).stderr


@pytest.mark.fault("L-F1")
def test_every_rank_of_mpirun_does_its_own_merge(program: Program, sweep: Path, tmp_path: Path):
    for number in range(2):
        shutil.copytree(sweep, tmp_path / str(number))
        (tmp_path / str(number) / "sweep.h5").unlink()
    command = f"exec {program.path} merge $OMPI_COMM_WORLD_RANK"
    launcher = [f"{ROOT}/Scripts/mpirun", "-n", "2", "sh", "-c", command]
    done = subprocess.run(launcher, cwd=tmp_path, **PRINTS)
    assert done.returncode == 0, done.stderr
    for number in range(2):
        program.run("verify", tmp_path / str(number) / "sweep.h5")


@pytest.mark.fault("L-F1")
def test_ranks_may_merge_one_directory_at_the_same_time(
    program: Program, sweep: Path, tmp_path: Path
):
    copy = shutil.copytree(sweep, tmp_path / "copy")
    done = program.run("merge", copy, ranks=4)
    assert done.stdout.count("1 of them done") == 4
    program.run("compare", sweep, copy)
    assert {path.name for path in copy.iterdir()} == {path.name for path in sweep.iterdir()}


@pytest.mark.fault("L-F2")
def test_a_process_of_a_batch_script_computes(program: Program, tmp_path: Path):
    job = chebyshev(tmp_path, 20, ONE_RUN)
    done = program.run("run", job, "-o", tmp_path / "out", environment=BATCH_STEP)
    assert "1 finished" in done.stdout
    assert "64 tasks" in done.stderr and "srun started" not in done.stderr
    assert "no problem found" in program.run("doctor", tmp_path, environment=BATCH_STEP).stdout


@pytest.mark.fault("L-F2", "L-F8")
@pytest.mark.parametrize(
    "variables",
    [
        {"SLURM_PROCID": "3", "SLURM_STEP_NUM_TASKS": "8"},
        {"PMI_RANK": "3", "PMI_SIZE": "8"},
        {"PMI_RANK": "3", "MPI_LOCALNRANKS": "8"},
    ],
    ids=lambda variables: list(variables)[-1],
)
def test_processes_that_mpi_does_not_join_compute_with_a_note(
    program: Program, variables: dict[str, str], tmp_path: Path
):
    job = chebyshev(tmp_path, 20, ONE_RUN)
    done = program.run("run", job, "-o", tmp_path / "out", environment=variables)
    assert "1 finished" in done.stdout
    assert "8 processes" in done.stderr and "MPI sees this one alone" in done.stderr
    found = program.run("doctor", tmp_path, status=1, environment=variables)
    assert "MPI sees this one alone" in found.stdout


def test_ranks_of_mpirun_are_no_split_world(program: Program, tmp_path: Path):
    variables = {"PMI_RANK": "3", "PMI_SIZE": "8", "SLURM_STEP_NUM_TASKS": "8"}
    for ranks in (1, 2):
        found = program.run("doctor", tmp_path, ranks=ranks, environment=variables)
        assert "no problem found" in found.stdout


@pytest.mark.fault("L-W1", "L-W2", "L-W6")
@pytest.mark.parametrize("where", ["a step of SLURM", "no usable TMPDIR", "no PATH", "nothing"])
def test_a_process_alone_needs_nothing_around_it(program: Program, where: str, tmp_path: Path):
    (tmp_path / "file").write_text("")
    environment = {
        "a step of SLURM": os.environ | INTERACTIVE_STEP,
        "no usable TMPDIR": os.environ | {"TMPDIR": str(tmp_path / "file")},
        "no PATH": {name: text for name, text in os.environ.items() if name != "PATH"},
        "nothing": {},
    }[where]
    job = chebyshev(tmp_path, 20, ONE_RUN)
    command = program.command("run", job, "-o", tmp_path / "out")
    done = subprocess.run(command, env=environment, **PRINTS)
    assert done.returncode == 0, done.stderr
    assert "1 finished" in done.stdout and "MPI_Init" not in done.stderr
    found = subprocess.run(program.command("doctor", tmp_path), env=environment, **PRINTS)
    assert "1 rank\n" in found.stdout and not found.stderr
    complaints = [line for line in found.stdout.splitlines() if line.startswith("warning")]
    assert len(complaints) == found.returncode == (where == "no usable TMPDIR")
    assert all("TMPDIR=/tmp" in line for line in complaints)


@pytest.mark.fault("L-W6")
def test_two_programs_may_follow_each_other_in_a_world_of_one(program: Program, tmp_path: Path):
    job = chebyshev(tmp_path, 20, ONE_RUN)
    command = " && ".join(f"{program.path} run {job} -o {tmp_path}/{name}" for name in "ab")
    launcher = [f"{ROOT}/Scripts/mpirun", "-n", "1", "sh", "-c", command]
    done = subprocess.run(launcher, **PRINTS)
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("1 finished") == 2


@pytest.mark.fault("L-F1")
def test_ranks_that_were_asked_for_different_sweeps_are_refused(program: Program, tmp_path: Path):
    job = chebyshev(tmp_path, 20, ONE_RUN)
    command = f"exec {program.path} run {job} -o {tmp_path}/out$OMPI_COMM_WORLD_RANK"
    launcher = [f"{ROOT}/Scripts/mpirun", "-n", "2", "sh", "-c", command]
    done = subprocess.run(launcher, **PRINTS)
    assert done.returncode == 2
    assert "rank 1: it was started with other arguments" in done.stderr
    assert not list(tmp_path.glob("out*"))
