"""Killed at any moment, the same command goes on from what was saved, with the same bits.

EOS_SWEEP_KILLS says how often (6 unless told otherwise); the histogram shows with `pytest -s`.
"""

import contextlib
import json
import os
import random
import shutil
import signal
import subprocess
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import h5py

from jobs import OPTIMIZERS
from program import Program, rank_processes
from waiting import events

KILLS = int(os.environ.get("EOS_SWEEP_KILLS", "6"))
LENGTH = max(1, KILLS // 8)
"""Makes runs longer for more kills, so that one sweep lasts for most of them."""
CHECKPOINT = 2000
"""Steps between checkpoints."""
SHARD_SECONDS = 1.0
"""How old a run that has ended may become before it is on disk."""
REPORT = 0.05
"""Seconds between two reports of the steps done."""
LAUNCHER_SECONDS = 10
"""Within these a rank ends whose mpirun is gone, on a loaded machine."""

JOB = f"""\
name: kills
data: {{name: chebyshev, degree: 4, points: 20}}
model: {{name: mlp, hidden: [40], activation: tanh}}
loss: mse
learning_rate: 0.002
block_size: 10
measure: {{every: 50, top: 2}}
keep_weights: final
checkpoint: {{steps: {CHECKPOINT}}}
shard: {{seconds: {SHARD_SECONDS}}}
grid:
  - optimizer: [{", ".join(OPTIMIZERS)}]
    stop: {{steps: {7000 * LENGTH}}}
  - optimizer: [gd, adam]
    seed: [2, 3]
    stop: {{steps: [800, {25000 * LENGTH}]}}
"""

VICTIMS = ["a rank", "rank 0", "mpirun", "all"]
AIMS = ["anywhere", "checkpoints", "shards", "anywhere", "shards"]


@dataclass
class Session:
    """What the log of events says of one start of the program."""

    first: dict[str, int] = field(default_factory=dict)
    last: dict[str, int] = field(default_factory=dict)
    ended: dict[str, float] = field(default_factory=dict)
    computed: int = 0


def sessions(directory: Path) -> list[Session]:
    found: list[Session] = []
    for line in events(directory).splitlines():
        try:
            event = json.loads(line)
        except ValueError:
            continue
        if event["event"] == "session_started":
            found.append(Session())
        run, steps, now = event.get("run"), event.get("steps"), found[-1]
        if event["event"] == "run_started":
            # A run that paused within the session begins where it was saved.
            now.first[run] = now.last[run] = steps
        elif run and steps is not None:
            now.computed += max(0, steps - now.last[run])
            now.last[run] = max(steps, now.last[run])
        if event["event"] == "run_ended" and event["status"] != "interrupted":
            now.ended[run] = time.mktime(time.strptime(event["time"], "%Y-%m-%dT%H:%M:%SZ"))
    for number, now in enumerate(found, 1):
        if (seen := last_words(directory, number)).exists():
            for run in json.loads(seen.read_text())["running"]:
                if run["id"] in now.last:
                    now.computed += max(0, run["steps"] - now.last[run["id"]])
                    now.last[run["id"]] = max(run["steps"], now.last[run["id"]])
    return found


def last_words(directory: Path, number: int) -> Path:
    """What the session of this number said of itself before it was killed."""
    return directory.with_name(f"{directory.name}-session-{number}.json")


def writers(directory: Path) -> dict[str, set[int]]:
    """The processes that were writing, by the directory that their unfinished files lie in."""
    found: dict[str, set[int]] = {}
    for place in ("checkpoints", "shards", "."):
        try:
            names = os.listdir(directory / place)
        except FileNotFoundError:
            continue
        for name in names:
            if name.endswith(".partial") and (place != "." or "sweep.h5" in name):
                writer = int(name.removesuffix(".partial").rsplit("-", 2)[-2])
                found.setdefault(place, set()).add(writer)
    return found


def aim(directory: Path, process: subprocess.Popen[bytes], place: str, rng: random.Random) -> int:
    """Waits for the moment to kill; returns who is writing then, if that was waited for."""
    ranks = set(rank_processes(process.pid))
    deadline = time.monotonic() + (rng.uniform(0.3, 3) if place == "anywhere" else 20)
    while process.poll() is None and time.monotonic() < deadline:
        if place == "anywhere":
            time.sleep(0.01)
            continue
        found = writers(directory)
        # A merge counts where a shard is waited for: both put results into their place.
        chosen = found.get(place, set()) | (found.get(".", set()) if place == "shards" else set())
        if chosen & ranks:
            return min(chosen & ranks)
    return 0


def strike(
    process: subprocess.Popen[bytes], victim: str, writer: int, rng: random.Random
) -> set[int]:
    """Kills, and waits for the end of all ranks; none where all was over."""
    ranks = sorted(rank_processes(process.pid))
    if process.poll() is not None or not ranks:
        return set()
    targets = {
        "a rank": [writer or rng.choice(ranks)],
        "rank 0": [ranks[0]],
        "mpirun": [process.pid],
        "all": [writer or ranks[0], process.pid, *ranks],
    }[victim]
    for target in targets:
        with contextlib.suppress(ProcessLookupError):
            os.kill(target, signal.SIGKILL)
    process.wait(timeout=60)
    start = time.monotonic()
    while any(Path(f"/proc/{rank}").exists() for rank in ranks):
        assert time.monotonic() - start < LAUNCHER_SECONDS, f"ranks outlived the kill of {victim}"
        time.sleep(0.02)
    return set(ranks)


def place_of_hit(directory: Path, known: int, ranks: set[int]) -> str:
    """Where the kill hit, told by the unfinished files that these ranks left."""
    left = writers(directory)
    names = {
        "checkpoints": "inside a checkpoint's write",
        "shards": "inside a shard's write",
        ".": "inside a merge",
    }
    for place, name in names.items():
        if left.get(place, set()) & ranks:
            return name
    return "elsewhere" if len(sessions(directory)) > known else "before the first run"


def under_way(session: Session) -> set[str]:
    return set(session.first) - set(session.ended)


def has_checkpoint(directory: Path, run: str) -> bool:
    return any((directory / "checkpoints").glob(f"{run}.*.h5"))


@dataclass
class Tally:
    """What was hit."""

    kills: int = 0
    places: Counter[str] = field(default_factory=Counter)
    victims: Counter[str] = field(default_factory=Counter)
    past_checkpoint: int = 0

    def add(self, directory: Path, known: int, victim: str, ranks: set[int]) -> None:
        self.kills += 1
        self.places[place_of_hit(directory, known, ranks)] += 1
        self.victims[victim] += 1
        runs = under_way(sessions(directory)[-1])
        self.past_checkpoint += any(has_checkpoint(directory, run) for run in runs)


def kill_once(
    program: Program, job: Path, directory: Path, tally: Tally, rng: random.Random
) -> bool:
    """Starts the sweep and kills it; false where it came to its end."""
    known = len(sessions(directory))
    process = start(program, job, directory, ranks=rng.choice([2, 3, 4]))
    try:
        place = AIMS[tally.kills % len(AIMS)]
        writer = wait_and_aim(directory, process, place, known, rng)
        victim = rng.choice(["a rank", "all"] if writer else VICTIMS)
        struck = time.time()
        ranks = strike(process, victim, writer, rng)
        if not ranks:
            assert process.wait(timeout=60) == 0
            return False
    finally:
        process.kill()
    if len(sessions(directory)) > known and (directory / "progress.json").exists():
        shutil.copy(directory / "progress.json", last_words(directory, known + 1))
    tally.add(directory, known, victim, ranks)
    last = sessions(directory)[-1]
    for run in set(last.ended) - runs_on_disk(directory):
        assert struck - last.ended[run] < SHARD_SECONDS + 3, f"{run} ended long ago"
    return True


def test_kills_cost_no_bit_and_little_work(program: Program, tmp_path: Path):
    rng = random.Random(20)
    job = tmp_path / "kills.yaml"
    job.write_text(JOB)
    undisturbed = tmp_path / "undisturbed"
    program.run("run", job, "-o", undisturbed, ranks=2, seconds=900)
    expected = sum(sessions(undisturbed)[0].last.values())
    tally = Tally()
    sweeps = computed = 0
    while tally.kills < KILLS:
        sweeps += 1
        directory = tmp_path / f"sweep-{sweeps}"
        while tally.kills < KILLS and kill_once(program, job, directory, tally, rng):
            pass
        program.run("run", job, "-o", directory, ranks=3, seconds=900)
        assert not writers(directory), "unfinished files stay behind"
        program.run("verify", directory)
        program.run("compare", undisturbed, directory)
        computed += check_work(directory)
    print(
        f"\n{tally.kills} kills over {sweeps} sweeps of {len(sessions(undisturbed)[0].first)} runs"
    )
    print(f"where: {dict(tally.places)}")
    print(f"whom: {dict(tally.victims)}")
    print(f"while a run was past its first checkpoint: {tally.past_checkpoint}")
    print(f"steps computed: {computed}, of the undisturbed sweeps: {sweeps * expected}")


def start(program: Program, job: Path, directory: Path, ranks: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        program.command("run", job, "-o", directory, ranks=ranks),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env=os.environ | {"EOS_SWEEP_EVENT_SECONDS": str(REPORT)},
    )


def wait_and_aim(
    directory: Path, process: subprocess.Popen[bytes], place: str, known: int, rng: random.Random
) -> int:
    """Aims once the session has started a run."""
    while process.poll() is None:
        found = sessions(directory)
        if len(found) > known and found[-1].first:
            return aim(directory, process, place, rng)
        time.sleep(0.01)
    return 0


def runs_on_disk(directory: Path) -> set[str]:
    """The runs in all shards."""
    found: set[str] = set()
    for path in (directory / "shards").glob("[!.]*.h5"):
        with h5py.File(path) as file:
            found.update(file["run"].asstr()[:])
    return found


def check_work(directory: Path) -> int:
    """The steps computed in all sessions; what a kill cost each run is at most one interval.

    What nobody reported before a kill is known where it was saved, and is else what a run does
    in `REPORT` seconds.
    """
    all_sessions = sessions(directory)
    computed = sum(session.computed for session in all_sessions)
    for index, session in enumerate(all_sessions):
        for run in under_way(session):
            later = [s.first[run] for s in all_sessions[index + 1 :] if run in s.first]
            if later:
                lost = session.last[run] - later[0]
                assert lost <= CHECKPOINT, f"{run}: {lost} steps were lost"
                computed += max(0, -lost)
    return computed
