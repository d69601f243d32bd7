"""Sweeps of many short runs: what a run costs beside its training, and what merging costs.

Every run trains the network of 300 parameters of the step rates, without measurements. Commands
count as a whole, with start-up, recording and merging. What the machine allows stands beside them:
how long it takes to write as many bytes and force them to disk.
"""

import importlib.util
import os
from pathlib import Path

import h5py
import numpy as np

from eos_sweep import Sweep
from setting import Row, Setting
from turns import Figures, Line, Target, seconds_of, take_turns

SHORT, MORE = 10, 1000
"""Steps of a run whose overhead is measured, and how many more tell what steps cost."""
MANY, STEPS = 10_000, 1_000
"""Runs and steps of a sweep of small runs."""
ALONE_STEPS = 300_000
"""Of the two runs that tell what training alone takes."""


def _job(runs: int, steps: int) -> str:
    return f"""\
name: benchmark
data: {{name: chebyshev, degree: 4, points: 20}}
model: {{name: mlp, hidden: [100], activation: tanh, output_bias: false}}
loss: mse
optimizer: gd
learning_rate: 0.05
stop: {{steps: {steps}}}
measure: {{every: never}}
ranks_per_run: 1
grid: [{{seed: {{range: [0, {runs - 1}]}}}}]
"""


def sweep_overhead(setting: Setting) -> list[Line]:
    """Runs of few steps on one rank; what these steps cost is known from runs of more steps."""
    runs = setting.scaled(1000)

    def ours() -> Figures:
        start = setting.program.run(_job(1, 1), "start").seconds
        short = setting.program.run(_job(runs, SHORT), "short")
        long = setting.program.run(_job(runs, SHORT + MORE), "long").seconds
        training = (long - short.seconds) * SHORT / MORE
        seconds = {
            "run": short.seconds,
            "training": training,
            "beside": short.seconds - training,
            "start": start,
            "disk": _seconds_of_writing([short.file, *_shards(short)]),
        }
        return {name: 1000 * value / runs for name, value in seconds.items()}

    turns = take_turns(setting.turns, {"ours": ours}, setting.say)
    return [
        Line(f"a run of {SHORT} steps, recorded and merged", turns["ours run"], "ms"),
        Line("its training, from runs of more steps", turns["ours training"], "ms"),
        Line("beside its training", turns["ours beside"], "ms", Target(0.3, at_most=True)),
        Line("of this, starting and ending the program", turns["ours start"], "ms"),
        Line("its bytes alone, forced to disk", turns["ours disk"], "ms"),
    ]


def many_small_runs(setting: Setting) -> list[Line]:
    """Many runs on two ranks, against the training alone on two ranks."""
    runs, steps = setting.scaled(MANY), setting.scaled(STEPS)
    alone_steps = setting.scaled(ALONE_STEPS)

    def alone() -> Figures:
        pair = setting.program.run(_job(2, alone_steps), "alone", ranks=2)
        each = np.mean([pair.values("wall_seconds", run) for run in (0, 1)]) / alone_steps
        return {"seconds": float(each) * runs * steps / 2}

    def ours() -> Figures:
        sweep = setting.program.run(_job(runs, steps), "many", ranks=2)
        files = [sweep.file, *_shards(sweep)]
        return {"seconds": sweep.seconds, "disk": _seconds_of_writing(files)}

    contestants = {"alone": alone, "ours": ours}
    turns = take_turns(min(setting.turns, 3), contestants, setting.say)
    ratio = turns.ratio("ours seconds", "alone seconds")
    return [
        Line("the whole command", turns["ours seconds"], "s"),
        Line("training alone", turns["alone seconds"], "s"),
        Line("the whole command over training alone", ratio, "x", Target(1.5, at_most=True)),
        Line("all bytes alone, forced to disk", turns["ours disk"], "s"),
    ]


def merge(setting: Setting) -> list[Line]:
    """The sweep of the row before is merged again and opened; it is made where it is missing."""
    job = _job(setting.scaled(MANY), setting.scaled(STEPS))
    sweep = setting.program.resume(job, "many", ranks=2)
    shards, merged = _shards(sweep), setting.folder / "merged.h5"
    bytes_read = sum(shard.stat().st_size for shard in shards)

    def ours() -> Figures:
        figures = {"seconds": setting.program.merge(sweep, merged)}
        figures["disk"] = _seconds_of_writing([merged])
        return figures | ({"open": _seconds_of_opening(merged)} if _HAS_XARRAY else {})

    if not _HAS_XARRAY:
        setting.say("xarray is missing: opening the merged file is not timed")
    turns = take_turns(setting.turns, {"ours": ours}, setting.say)
    size = merged.stat().st_size
    lines = [
        Line("shards", [float(len(shards))]),
        Line("bytes of all shards", [bytes_read / 2**20], "MiB"),
        Line("merging them", turns["ours seconds"], "s"),
        Line("the merged file's bytes alone, forced to disk", turns["ours disk"], "s"),
        Line(
            "size of the merged file over that of its numbers", [size / _bytes_of_numbers(merged)]
        ),
    ]
    if "ours open" in turns:
        name = "xarray.open_dataset of the merged file"
        lines.append(Line(name, turns["ours open"], "s", Target(1, at_most=True)))
    return lines


_HAS_XARRAY = importlib.util.find_spec("xarray") is not None


def _seconds_of_opening(file: Path) -> float:
    import xarray as xr

    def open_and_close() -> None:
        xr.open_dataset(file).close()

    return seconds_of(open_and_close)


def _shards(sweep: Sweep) -> list[Path]:
    return sorted((sweep.directory / "shards").glob("*.h5"))


def _seconds_of_writing(files: list[Path]) -> float:
    """Writes the same bytes next to the first file, each file forced to disk."""
    contents = [file.read_bytes() for file in files]
    scratch = files[0].with_name("scratch")

    def write() -> None:
        for content in contents:
            with scratch.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())

    seconds = seconds_of(write)
    scratch.unlink()
    return seconds


def _bytes_of_numbers(merged: Path) -> int:
    """Of all numbers that are not missing, as they are in memory."""
    total = 0
    with h5py.File(merged) as file:
        for variable in file.values():
            if variable.dtype.kind == "f":
                total += int(np.sum(~np.isnan(variable[...]))) * variable.dtype.itemsize
            elif variable.dtype.kind == "i":
                total += int(np.sum(variable[...] != -1)) * variable.dtype.itemsize
    return total


OVERHEAD = Row("sweep-overhead", f"1,000 runs of {SHORT} steps on one rank", 2, sweep_overhead)
MANY_SMALL_RUNS = Row(
    "many-small-runs", f"{MANY:,} runs of {STEPS:,} steps on 2 cores, merged", 4, many_small_runs
)
MERGE = Row("merge", f"merging {MANY:,} runs of {STEPS:,} steps", 2, merge)
