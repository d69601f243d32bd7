"""What `slurm/submit` refuses, says and remembers."""

import os
import stat
from pathlib import Path

import pytest

from cluster import Cluster
from jobs import chebyshev, slow
from jobs_of_slurm import Job, submit
from program import ROOT, Program
from waiting import wait_for

MEASURED = "measure: {every: 1, top: 2}\n"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["job.yaml", "out", "-p", "nope"], "no partition nope"),
        (["job.yaml", "out"], "--ntasks=64"),
        (["job.yaml", "out", "-n", "7"], "6 processors on 3 nodes"),
        (["job.yaml", "out", "-n2", "-p", "short", "--time=61"], "allows, 01:00:00"),
        (["job.yaml", "out", "-n2", "-p", "short"], "--time=12:00:00 is more"),
        (["nope.yaml", "out", "-n2"], "nope.yaml: there is no such file"),
        (["out", "job.yaml", "-n2"], "the job file comes first"),
        (["job.yaml", "job.yaml", "-n2"], "is a file, not a directory"),
        (["job.yaml", "/proc/out", "-n2"], "/proc/out"),
        (["job.yaml", "out", "-n2", "--", "--set", "stop.stps=1"], "stop.stps"),
        (["job.yaml", "out", "-n2", "--no-such-option"], "no-such-option"),
        (["job.yaml"], "slurm/submit JOB.yaml DIRECTORY"),
    ],
)
def test_what_cannot_run_is_refused_before_the_queue(
    cluster: Cluster, program: Program, tmp_path: Path, monkeypatch, arguments, said
):
    monkeypatch.chdir(tmp_path)
    chebyshev(tmp_path, 20).rename("job.yaml")
    environment = {"EOS_SWEEP": str(program.path)}
    done = cluster.run(ROOT / "slurm" / "submit", *arguments, environment=environment)
    assert done.returncode == 2
    assert said in done.stderr, done.stderr
    assert os.listdir() == ["job.yaml"]
    assert len(cluster.ask("squeue", "-h")) <= 1


def test_a_program_that_is_not_there_is_refused(cluster: Cluster, tmp_path: Path):
    job = chebyshev(tmp_path, 20)
    for name in ("no-such-program", str(tmp_path / "no" / "program")):
        words = (ROOT / "slurm" / "submit", job, tmp_path / "out", "-n2")
        done = cluster.run(*words, environment={"EOS_SWEEP": name})
        assert done.returncode == 2
        assert f"{name}: no such program" in done.stderr


def test_runs_that_can_never_end_are_named(cluster: Cluster, program: Program, tmp_path: Path):
    """A minute is the shortest limit, so a stand-in has `plan` look at a millisecond."""
    stand_in = tmp_path / "eos-sweep"
    stand_in.write_text(f"#!/bin/bash\nexec '{program.path}' \"${{@/60s/0.001s}}\"\n")
    stand_in.chmod(stat.S_IRWXU)
    job = slow(tmp_path, examples=1000, width=300, steps=3, rest=MEASURED)
    words = (ROOT / "slurm" / "submit", job, tmp_path / "out", "-n2", "--time=1")
    done = cluster.run(*words, environment={"EOS_SWEEP": str(stand_in)})
    assert done.returncode == 2
    assert "can never end within --time=00:01:00" in done.stderr and "gd-lr0.01" in done.stderr
    done = cluster.run(*words, "--anyway", "--hold", environment={"EOS_SWEEP": str(stand_in)})
    assert done.returncode == 0, done.stderr


def test_a_job_that_waits_is_known(cluster: Cluster, program: Program, tmp_path: Path):
    job = submit(cluster, program, tmp_path, "--ntasks=2", "--begin=now+1hour")
    shown = cluster.run(program.path, "status", job.directory)
    assert shown.returncode == 0
    assert f"SLURM job {job.id} waits in the queue (BeginTime)" in shown.stdout
    again = cluster.run(
        ROOT / "slurm" / "submit",
        tmp_path / "small.yaml",
        job.directory,
        "-n2",
        environment={"EOS_SWEEP": str(program.path)},
    )
    assert again.returncode == 2
    assert f"job {job.id} is there for it already (PENDING)" in again.stderr
    cluster.run("scancel", job.id)
    job.wait_until_over()
    assert cluster.run(program.path, "status", job.directory).returncode == 2


def test_names_may_hold_spaces_and_percent_signs(
    cluster: Cluster, program: Program, tmp_path: Path
):
    folder = tmp_path / "my 100% sweep"
    folder.mkdir()
    job = chebyshev(
        folder, 50, "optimizer: gd\ngrid: [{seed: {range: [1, 3]}, learning_rate: 0.01}]\n"
    )
    one = submit(cluster, program, folder, "-n2", "--", "--set", "stop.steps=60", job=job)
    one.wait_until_over()
    assert one.field("JobState") == "COMPLETED"
    assert "3 finished" in one.log
    assert not (one.directory / "slurm-job").exists()


def test_a_run_longer_than_its_jobs_ends_by_itself(
    cluster: Cluster, program: Program, tmp_path: Path
):
    """The first two starts have a limit of their own, for a job has a minute at least."""
    long = chebyshev(tmp_path, 100_000_000, "optimizer: gd\nlearning_rate: 0.01\n")
    program.run("run", long, "-o", tmp_path / "trial", "--time-limit", "5s", status=75)
    line = program.run("status", tmp_path / "trial", "--exit-status", status=75).stdout
    steps = int(line.split(" steps on disk")[0].split()[-1])
    stand_in = tmp_path / "eos-sweep"
    stand_in.write_text(
        "#!/bin/bash\n"
        '[ "$1$2" = run--check ] || [ "$1" != run ] || [ "${SLURM_RESTART_COUNT:-0}" -ge 2 ] ||\n'
        '  set -- "$@" --time-limit 3s\n'
        f"exec '{program.path}' \"$@\"\n"
    )
    stand_in.chmod(stat.S_IRWXU)
    options = ("-n1", "--", "--set", f"stop.steps={10 * steps}")
    job = submit(cluster, Program(stand_in), tmp_path, *options, job=long)
    job.wait_until_over(seconds=150)
    assert job.field("JobState") == "COMPLETED", job.log
    assert job.restarts >= 1
    assert job.log.count("Work is left: back into the queue") == job.restarts
    assert sorted(job.starts) == job.starts and job.starts[1] > 0


def test_a_job_without_progress_does_not_come_back(
    cluster: Cluster, program: Program, tmp_path: Path
):
    """No step fits into the time that is left."""
    options = ("-n1", "--", "--time-limit", "0.001s")
    long = slow(tmp_path, examples=1000, width=300, steps=3, rest=MEASURED)
    job = submit(cluster, program, tmp_path, *options, job=long)
    job.wait_until_over()
    assert job.field("ExitCode") == "75:0"
    assert "not a step was saved" in job.log


def test_a_task_of_an_array_comes_back_alone(cluster: Cluster, program: Program, tmp_path: Path):
    job = chebyshev(tmp_path, 100_000_000, "optimizer: gd\nlearning_rate: 0.01\n")
    script = tmp_path / "array.sh"
    script.write_text(
        "#!/bin/bash\n"
        f"exec bash '{ROOT}/slurm/sweep.sbatch' '{job}' \"{tmp_path}/$SLURM_ARRAY_TASK_ID\" "
        '$([ "$SLURM_ARRAY_TASK_ID" -ne 1 ] || echo --time-limit 2s)\n'
    )
    options = [
        "--requeue",
        "--array=0-1",
        "-n1",
        f"--output={tmp_path}/%a.log",
        "--open-mode=append",
    ]
    done = cluster.run(
        "sbatch", "--parsable", *options, script, environment={"EOS_SWEEP": str(program.path)}
    )
    id = done.stdout.strip()
    tasks = [Job(cluster, f"{id}_{task}", tmp_path / str(task)) for task in (0, 1)]
    wait_for(lambda: tasks[1].events("session_started") > 1)
    assert tasks[1].restarts >= 1
    assert tasks[0].restarts == 0 and tasks[0].events("session_started") == 1
