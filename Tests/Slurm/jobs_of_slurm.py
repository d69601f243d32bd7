"""Sweeps as jobs of a cluster."""

import json
import os
import re
import signal
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cluster import Cluster
from jobs import chebyshev
from program import ROOT, Program
from waiting import wait_for

ENDLESS = """\
optimizer: gd
learning_rate: 0.01
grid:
  - stop: {steps: 100000000}
  - seed: {range: [1, 3]}
    stop: {steps: 50}
"""
"""One run that no test waits for, and three short ones."""


@dataclass(frozen=True)
class Job:
    """One job and the directory of its sweep."""

    cluster: Cluster
    id: str
    directory: Path

    def field(self, name: str) -> str:
        """A field of what SLURM knows of the job."""
        shown = self.cluster.run("scontrol", "show", "job", "-o", self.id).stdout
        found = re.search(rf"\b{name}=(\S*)", shown)
        return found[1] if found else ""

    @property
    def log(self) -> str:
        """What the job has printed so far, in all its starts."""
        return "".join(path.read_text() for path in self.directory.glob("slurm-*.log"))

    @property
    def restarts(self) -> int:
        """How often SLURM has put it back into the queue."""
        return int(self.field("Restarts"))

    def events(self, event: str) -> int:
        """How often something was logged."""
        path = self.directory / "events.jsonl"
        return path.read_text().count(f'"event":"{event}"') if path.exists() else 0

    def wait_until_at_work(self, sessions: int = 1) -> None:
        """Waits until the endless run computes, and the short ones are on disk or nearly so."""
        wait_for(lambda: self.events("session_started") >= sessions)
        wait_for(lambda: self.events("run_ended") == 3)

    def wait_until_over(self, seconds: float = 60) -> None:
        """Waits until the job has left the queue for good."""
        over = ("COMPLETED", "FAILED", "CANCELLED", "TIMEOUT", "NODE_FAIL")
        wait_for(lambda: self.field("JobState") in over, seconds)

    def wait_for_restart(self, sessions: int) -> None:
        """Waits until the job has been in the queue again and goes on."""
        wait_for(lambda: self.events("session_started") > sessions, seconds=60)
        assert self.field("JobState") == "RUNNING"

    @property
    def starts(self) -> list[int]:
        """The steps that runs began with, in the order of their starts."""
        lines = (self.directory / "events.jsonl").read_text().splitlines()
        events = [json.loads(line) for line in lines]
        return [event["steps"] for event in events if event["event"] == "run_started"]


def submit(
    cluster: Cluster,
    program: Program,
    folder: Path,
    *options: str,
    job: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> Job:
    """Submits a sweep: the endless one, with a checkpoint every three seconds, or another."""
    folder.mkdir(exist_ok=True)
    job = job or chebyshev(folder, 50, ENDLESS + "checkpoint: {minutes: 0.05}\n")
    done = cluster.run(
        ROOT / "slurm" / "submit",
        job,
        folder / "sweep",
        *options,
        environment={"EOS_SWEEP": str(program.path)} | dict(environment or {}),
    )
    assert done.returncode == 0, done.stderr
    found = re.search(r"^job (\d+):", done.stdout, re.MULTILINE)
    assert found, done.stdout
    return Job(cluster, found[1], folder / "sweep")


def kill(job: Job, name: str, last: bool = False) -> None:
    """Kills a process of a job, of those that are called so the first or the last."""
    mine = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            variables = (process / "environ").read_bytes().split(b"\0")
            words = (process / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        conf = f"SLURM_CONF={job.cluster.folder}/slurm.conf".encode()
        job_id = f"SLURM_JOB_ID={job.id}".encode()
        if conf in variables and job_id in variables and Path(words[0].decode()).name == name:
            mine.append(int(process.name))
    os.kill(sorted(mine)[-1 if last else 0], signal.SIGKILL)
