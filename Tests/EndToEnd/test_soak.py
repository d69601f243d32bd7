"""Small random sweeps on one to eight ranks, disturbed at random: no hang, no leak, no other bit.

EOS_SWEEP_SOAK says for how many seconds (120 unless told otherwise), EOS_SWEEP_SEED what is drawn;
`pytest -s` shows what was done.
"""

import contextlib
import os
import random
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from jobs import OPTIMIZERS
from program import Program, rank_processes

SECONDS = float(os.environ.get("EOS_SWEEP_SOAK", "120"))
SEED = int(os.environ.get("EOS_SWEEP_SEED", "1"))
SESSION_SECONDS = 240
"""A session that lasts longer hangs: undisturbed it takes a few."""
MOST_SESSIONS = 12
"""So many times a sweep is disturbed before it is left alone."""
KNOWN_FILES = {"sweep.json", "sweep.h5", "events.jsonl", "progress.json", ".lock"}
KNOWN_FOLDERS = {"shards", "checkpoints", "states"}

DATA = [
    "{name: chebyshev, degree: 4, points: 20}",
    "{name: gaussian-mixture, features: 6, classes: 3, examples: 64}",
    "{name: deep-linear, dimension: 8, examples: 32}",
]


def draw_job(name: str, rng: random.Random) -> str:
    """A sweep of some seconds."""
    data = rng.choice(DATA)
    linear = data.startswith("{name: deep-linear")
    model = "{name: deep-linear, depth: 3}" if linear else draw_network(rng)
    steps = sorted(rng.sample(range(50, 6000), rng.randint(1, 3)))
    return f"""\
name: {name}
data: {data}
model: {model}
loss: mse
learning_rate: {rng.choice([0.001, 0.005])}
block_size: {rng.choice([4, 8, 10])}
precision: {rng.choice(["float", "double"])}
measure: {{every: {rng.choice([20, 100])}, top: {rng.choice([1, 2, 3])}}}
keep_weights: final
checkpoint: {{steps: {rng.choice([100, 500, 2000])}}}
shard: {{seconds: {rng.choice([0.2, 1, 5])}}}
grid:
  - optimizer: [{", ".join(rng.sample(OPTIMIZERS, rng.randint(1, 4)))}]
    stop: {{steps: [{", ".join(map(str, steps))}]}}
  - optimizer: [gd]
    seed: [2, 3]
    batch_size: [full, {rng.choice([4, 8])}]
    stop: {{steps: {rng.randint(50, 4000)}}}
"""


def draw_network(rng: random.Random) -> str:
    hidden = [rng.choice([10, 20, 40]) for _ in range(rng.randint(1, 2))]
    return f"{{name: mlp, hidden: {hidden}, activation: {rng.choice(['tanh', 'relu'])}}}"


def kill_a_rank(ranks: list[int], _: int, rng: random.Random) -> None:
    os.kill(rng.choice(ranks), signal.SIGKILL)


def kill_the_first(ranks: list[int], _: int, __: random.Random) -> None:
    os.kill(ranks[0], signal.SIGKILL)


def kill_all(ranks: list[int], launcher: int, _: random.Random) -> None:
    for process in [launcher, *ranks]:
        os.kill(process, signal.SIGKILL)


def kill_the_launcher(_: list[int], launcher: int, __: random.Random) -> None:
    os.kill(launcher, signal.SIGKILL)


def ask_to_stop(_: list[int], launcher: int, __: random.Random) -> None:
    os.kill(launcher, signal.SIGUSR1)


def freeze_a_rank(ranks: list[int], _: int, rng: random.Random) -> None:
    """A rank that is slow for a while, as on a machine that swaps."""
    rank = rng.choice(ranks)
    os.kill(rank, signal.SIGSTOP)
    time.sleep(rng.uniform(0.1, 2))
    os.kill(rank, signal.SIGCONT)


DISTURBANCES: list[Callable[[list[int], int, random.Random], None]] = [
    kill_a_rank,
    kill_a_rank,
    kill_a_rank,
    kill_the_first,
    kill_all,
    kill_the_launcher,
    ask_to_stop,
    freeze_a_rank,
]


class Soak:
    """What is done to one sweep after another, and what was seen."""

    def __init__(self, program: Program, folder: Path):
        self.program, self.folder = program, folder
        self.rng = random.Random(SEED)
        self.seen: Counter[str] = Counter()

    def sweep(self, number: int) -> None:
        """Computes a sweep with and without disturbance, and compares."""
        job = self.folder / f"soak-{number}.yaml"
        job.write_text(draw_job(f"soak-{number}", self.rng))
        plain, disturbed = self.folder / f"plain-{number}", self.folder / f"disturbed-{number}"
        self.program.run("run", job, "-o", plain, ranks=2, seconds=SESSION_SECONDS)
        for _ in range(MOST_SESSIONS):
            if self.session(job, disturbed):
                break
        # What a kill in the middle of the merge has left goes with the next session.
        self.program.run("run", job, "-o", disturbed, ranks=3, seconds=SESSION_SECONDS)
        self.program.run("verify", disturbed)
        self.program.run("compare", plain, disturbed)
        check_files(disturbed)
        self.seen["sweeps"] += 1

    def session(self, job: Path, directory: Path) -> bool:
        """One start of the program, disturbed; whether all is done."""
        ranks = self.rng.choice([1, 2, 2, 3, 4, 5, 8])
        command = self.program.command("run", job, "-o", directory, ranks=ranks)
        recovers = self.rng.random() < 0.6
        if recovers:
            command.insert(3, "--enable-recovery")
            self.seen["with recovery"] += 1
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        known = set[int]()
        try:
            for _ in range(self.rng.randint(0, 3)):
                known |= self.disturb(process)
            text = process.communicate(timeout=SESSION_SECONDS)[0].decode()
        finally:
            process.kill()
        wait_until_gone(known)
        self.seen["sessions"] += 1
        done = self.program.run("status", directory, status=None)
        ended = is_done(done.stdout)
        # With recovery the status is 0 where rank 0 was killed: the files tell.
        told = ended or recovers or process.returncode != 0
        assert told, f"status 0, but work is left:\n{text}"
        return ended

    def disturb(self, process: subprocess.Popen[bytes]) -> set[int]:
        """Waits a moment and disturbs; the ranks that were there."""
        deadline = time.monotonic() + self.rng.uniform(0.2, 4)
        while process.poll() is None and time.monotonic() < deadline:
            time.sleep(0.01)
        ranks = sorted(rank_processes(process.pid))
        if process.poll() is not None or not ranks:
            return set()
        # A rank that is alone in its world needs no launcher, and goes on without.
        possible = [d for d in DISTURBANCES if len(ranks) > 1 or d is not kill_the_launcher]
        chosen = self.rng.choice(possible)
        with contextlib.suppress(ProcessLookupError):
            chosen(ranks, process.pid, self.rng)
        self.seen[chosen.__name__] += 1
        return set(ranks)


def is_done(status: str) -> bool:
    """What the headline of `status` says: `soak-1: 7 of 7 runs done (...)`."""
    words = status.splitlines()[0].split() if status else []
    return len(words) > 3 and words[2] == "of" and words[1] == words[3]


def wait_until_gone(ranks: set[int]) -> None:
    deadline = time.monotonic() + 20
    while any(Path(f"/proc/{rank}/cmdline").exists() and is_ours(rank) for rank in ranks):
        assert time.monotonic() < deadline, "ranks outlived their launcher"
        time.sleep(0.02)


def is_ours(process: int) -> bool:
    """Whether it runs our program; one that has ended may not have been waited for."""
    with contextlib.suppress(OSError):
        return b"eos-sweep" in Path(f"/proc/{process}/cmdline").read_bytes()
    return False


def check_files(directory: Path) -> None:
    """A sweep that has ended leaves what the documents name, and nothing else."""
    names = {path.name for path in directory.iterdir()}
    assert names <= KNOWN_FILES | KNOWN_FOLDERS, f"left behind: {names}"
    partial = [path for path in directory.rglob("*.partial")]
    assert not partial, f"unfinished files stay: {partial}"
    checkpoints = list((directory / "checkpoints").glob("*"))
    assert not checkpoints, f"checkpoints of runs that have ended: {checkpoints}"


def own_things() -> set[str]:
    """What carries our name in the memory that all processes of the machine share."""
    return {str(path) for path in Path("/dev/shm").glob("*eos*sweep*")}


def test_disturbed_sweeps_end_alike(program: Program, tmp_path: Path):
    before = own_things()
    soak = Soak(program, tmp_path)
    start, number = time.monotonic(), 0
    while time.monotonic() - start < SECONDS:
        number += 1
        soak.sweep(number)
    assert own_things() <= before, "something stays behind"
    print(f"\n{dict(soak.seen)}")
