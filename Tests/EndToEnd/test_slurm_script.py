"""The SLURM script, run by bash with stand-ins for mpirun, scontrol and the program."""

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from program import ROOT

MPIRUN = """\
#!/bin/bash
# Ends with the status in $STATUS; when told to wait, does so until USR1 asks it to stop.
echo "$@" >>mpirun.log
[ -n "${WAIT-}" ] || exit "$STATUS"
trap 'sleep 0.3; exit "$STATUS"' USR1
touch ready
while :; do sleep 0.05; done
"""

SCONTROL = '#!/bin/bash\necho "$@" >>scontrol.log\n'


def submit(folder: Path, **environment: str) -> subprocess.Popen[str]:
    for name, text in {"mpirun": MPIRUN, "scontrol": SCONTROL}.items():
        (folder / name).write_text(text)
        (folder / name).chmod(0o755)
    script = ["bash", ROOT / "slurm" / "sweep.sbatch", "job.yaml", "out", "--set", "seed=1"]
    path = f"{folder}:{os.environ['PATH']}"
    return subprocess.Popen(
        script,
        cwd=folder,
        env=os.environ
        | {"PATH": path, "SLURM_JOB_ID": "17", "EOS_SWEEP": "eos-sweep"}
        | environment,
        stderr=subprocess.PIPE,
        text=True,
    )


def log(folder: Path, name: str) -> str:
    path = folder / f"{name}.log"
    return path.read_text().strip() if path.exists() else ""


@pytest.mark.parametrize("status", [0, 1, 2])
def test_the_status_of_the_sweep_is_the_status_of_the_job(tmp_path: Path, status: int):
    assert submit(tmp_path, STATUS=str(status)).wait(timeout=30) == status
    assert log(tmp_path, "mpirun") == "eos-sweep run job.yaml -o out --set seed=1"
    assert not log(tmp_path, "scontrol")


def test_work_left_puts_the_job_back_into_the_queue(tmp_path: Path):
    assert submit(tmp_path, STATUS="75").wait(timeout=30) == 0
    assert log(tmp_path, "scontrol") == "requeue 17"


def test_requeues_are_bounded(tmp_path: Path):
    job = submit(tmp_path, STATUS="75", SLURM_RESTART_COUNT="3", MAX_RESTARTS="3")
    assert "same command again" in job.communicate(timeout=30)[1]
    assert job.returncode == 75
    assert not log(tmp_path, "scontrol")


def submit_and_wait_for_mpirun(folder: Path) -> subprocess.Popen[str]:
    job = submit(folder, STATUS="75", WAIT="yes")
    deadline = time.monotonic() + 30
    while not (folder / "ready").exists():
        assert time.monotonic() < deadline
        time.sleep(0.02)
    return job


def test_the_warning_signal_reaches_the_sweep_and_its_end_is_awaited(tmp_path: Path):
    job = submit_and_wait_for_mpirun(tmp_path)
    job.send_signal(signal.SIGUSR1)
    assert job.wait(timeout=30) == 0
    assert log(tmp_path, "scontrol") == "requeue 17"


def test_a_cancelled_job_stops_in_order_and_does_not_come_back(tmp_path: Path):
    job = submit_and_wait_for_mpirun(tmp_path)
    job.send_signal(signal.SIGTERM)
    assert "same command again" in job.communicate(timeout=30)[1]
    assert job.returncode == 75
    assert not log(tmp_path, "scontrol")
