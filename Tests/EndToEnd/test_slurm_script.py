"""The SLURM script, run by bash with stand-ins; `Tests/Slurm` has a real SLURM."""

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from program import ROOT

STAND_INS = {
    # Works until USR1 if it is told to wait, leaves what $AFTER says, and ends with $STATUS.
    "mpirun": """\
echo "$@" >>mpirun.log
if [ -n "${WAIT-}" ]; then
  trap 'stop=yes' USR1
  touch ready
  while [ -z "${stop-}" ] && [ ! -e end ]; do sleep 0.05; done
  [ ! -e end ] || AFTER="$AFTER; the time limit comes near"
  sleep 0.3
fi
echo "$AFTER" >state
exit "$STATUS"
""",
    "eos-sweep": """\
[ "$1 $2 $3" = "status out --exit-status" ] || exit 99
cat state || exit 2
exit "$OUTCOME"
""",
    "scontrol": 'echo "$@" >>scontrol.log\n',
    "squeue": "echo $END\n",
}

BEFORE = "session 1; 1 of 3 runs done, 10 steps on disk"
PROGRESS = "session 2; 1 of 3 runs done, 30 steps on disk"
NO_PROGRESS = "session 2; 1 of 3 runs done, 10 steps on disk"


def submit(folder: Path, **environment: str) -> subprocess.Popen[str]:
    for name, text in STAND_INS.items():
        (folder / name).write_text(f"#!/bin/bash\n{text}")
        (folder / name).chmod(0o755)
    if not (folder / "state").exists():
        (folder / "state").write_text(f"{BEFORE}\n")
    script = ["bash", ROOT / "slurm" / "sweep.sbatch", "job.yaml", "out", "--set", "seed=1"]
    usual = {
        "PATH": f"{folder}:{os.environ['PATH']}",
        "SLURM_JOB_ID": "17",
        "EOS_SWEEP": "eos-sweep",
        "STATUS": "75",
        "OUTCOME": "75",
        "AFTER": PROGRESS,
        "END": str(int(time.time()) + 3600),
    }
    return subprocess.Popen(
        script, cwd=folder, env=os.environ | usual | environment, stderr=subprocess.PIPE, text=True
    )


def log(folder: Path, name: str) -> str:
    path = folder / f"{name}.log"
    return path.read_text().strip() if path.exists() else ""


@pytest.mark.parametrize("status", [0, 1])
@pytest.mark.parametrize("launcher", ["0", "1", "137"])
def test_a_sweep_that_is_done_gives_the_job_its_status(tmp_path: Path, status: int, launcher: str):
    job = submit(tmp_path, STATUS=launcher, OUTCOME=str(status))
    assert job.wait(timeout=30) == status
    assert log(tmp_path, "mpirun") == "eos-sweep run job.yaml -o out --set seed=1"
    assert not log(tmp_path, "scontrol")
    assert not (tmp_path / "out" / "slurm-job").exists()


def test_bad_input_is_not_tried_again(tmp_path: Path):
    assert submit(tmp_path, STATUS="2", AFTER=BEFORE).wait(timeout=30) == 2
    assert not log(tmp_path, "scontrol")


@pytest.mark.parametrize("status", ["75", "137", "134", "205", "0"])
def test_work_left_puts_the_job_back_into_the_queue_whatever_the_launcher_says(
    tmp_path: Path, status: str
):
    job = submit(tmp_path, STATUS=status)
    assert "back into the queue (restart 1 of at most 20)" in job.communicate(timeout=30)[1]
    assert job.returncode == 0
    assert log(tmp_path, "scontrol") == "requeue 17"
    assert (tmp_path / "out" / "slurm-job").read_text().split() == ["17", "0"]


def test_a_task_of_an_array_puts_only_itself_back(tmp_path: Path):
    assert submit(tmp_path, SLURM_ARRAY_JOB_ID="17", SLURM_ARRAY_TASK_ID="3").wait(timeout=30) == 0
    assert log(tmp_path, "scontrol") == "requeue 17_3"


def test_requeues_are_bounded(tmp_path: Path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "slurm-job").write_text("17 0\n")
    job = submit(tmp_path, SLURM_RESTART_COUNT="3", MAX_RESTARTS="3")
    assert "To go on: " in job.communicate(timeout=30)[1]
    assert job.returncode == 75
    assert not log(tmp_path, "scontrol")


def test_a_job_that_had_its_time_and_got_nowhere_does_not_come_back(tmp_path: Path):
    job = submit(tmp_path, AFTER=NO_PROGRESS)
    assert "not a step was saved" in job.communicate(timeout=30)[1]
    assert job.returncode == 75
    assert not log(tmp_path, "scontrol")


def test_jobs_that_break_off_before_anything_is_saved_are_tried_three_times(tmp_path: Path):
    for restart in range(3):
        (tmp_path / "state").write_text(f"{BEFORE}\n")
        job = submit(tmp_path, STATUS="137", AFTER=NO_PROGRESS, SLURM_RESTART_COUNT=str(restart))
        said = job.communicate(timeout=30)[1]
    assert "3 jobs in a row broke off" in said and "137" in said
    assert job.returncode == 75
    assert log(tmp_path, "scontrol") == "requeue 17\nrequeue 17"


def test_a_sweep_that_did_not_begin_is_an_error(tmp_path: Path):
    job = submit(tmp_path, STATUS="134", AFTER=BEFORE, OUTCOME="0")
    assert "did not begin: mpirun ended with status 134" in job.communicate(timeout=30)[1]
    assert job.returncode == 134
    assert not log(tmp_path, "scontrol")


def test_a_program_that_is_not_there_is_named(tmp_path: Path):
    job = submit(tmp_path, EOS_SWEEP="no-such-program")
    said = job.communicate(timeout=30)[1]
    assert "no-such-program: not found" in said and "EOS_SWEEP" in said
    assert job.returncode == 2
    assert not log(tmp_path, "mpirun")


def submit_and_wait_for_mpirun(folder: Path, **environment: str) -> subprocess.Popen[str]:
    job = submit(folder, WAIT="yes", **environment)
    deadline = time.monotonic() + 30
    while not (folder / "ready").exists():
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return job


def test_a_warning_reaches_the_sweep_and_its_end_is_awaited(tmp_path: Path):
    job = submit_and_wait_for_mpirun(tmp_path)
    job.send_signal(signal.SIGUSR1)
    assert job.wait(timeout=30) == 0
    assert log(tmp_path, "scontrol") == "requeue 17"
    assert "time limit" not in (tmp_path / "state").read_text()


def test_a_warning_of_what_the_sweep_knows_does_not_cut_it_short(tmp_path: Path):
    job = submit_and_wait_for_mpirun(tmp_path, END=str(int(time.time()) + 60))
    for _ in range(3):
        job.send_signal(signal.SIGUSR1)
        time.sleep(0.1)
    (tmp_path / "end").touch()
    assert job.wait(timeout=30) == 0
    assert "time limit" in (tmp_path / "state").read_text()
    assert log(tmp_path, "scontrol") == "requeue 17"


def test_a_cancelled_job_stops_in_order_and_does_not_come_back(tmp_path: Path):
    job = submit_and_wait_for_mpirun(tmp_path, EOS_SWEEP_AGAIN="sbatch as before")
    job.send_signal(signal.SIGTERM)
    assert "told to stop. To go on: sbatch as before" in job.communicate(timeout=30)[1]
    assert job.returncode == 75
    assert not log(tmp_path, "scontrol")


def test_a_sweep_that_its_user_stops_does_not_come_back(tmp_path: Path):
    job = submit(tmp_path, AFTER=f"{PROGRESS}; asked to stop by USR1")
    assert "told to stop" in job.communicate(timeout=30)[1]
    assert job.returncode == 75
    assert not log(tmp_path, "scontrol")


def test_a_sweep_that_its_launcher_stops_comes_back(tmp_path: Path):
    assert submit(tmp_path, AFTER=f"{PROGRESS}; asked to stop by TERM").wait(timeout=30) == 0
    assert log(tmp_path, "scontrol") == "requeue 17"
