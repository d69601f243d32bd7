"""Runs `eos-sweep` as a user would, on one BLAS thread per rank, and reads what it found."""

import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

import h5py
import numpy as np

from images import Images

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Sweep:
    """A sweep that ended: its directory, and how long the whole command took."""

    directory: Path
    seconds: float

    @property
    def file(self) -> Path:
        """All its runs, merged."""
        return self.directory / "sweep.h5"

    def values(self, variable: str, run: int = 0) -> np.ndarray:
        """One variable of one run."""
        with h5py.File(self.file) as file:
            return np.asarray(file[variable][run])  # pyright: ignore

    @property
    def wall_seconds(self) -> float:
        """Time of the first run by the program's own clock: no start-up, no loading of data."""
        return float(self.values("wall_seconds"))


@dataclass(frozen=True)
class EosSweep:
    """The program, and a folder for its jobs and sweeps."""

    path: Path
    folder: Path

    def __post_init__(self) -> None:
        """Ends with a sentence where there is no program."""
        if not self.path.is_file():
            sys.exit(f"{self.path} is missing; build it with: make build")

    def bench(self, job: str, seconds: float, ranks: int = 1) -> dict[str, float]:
        """What `eos-sweep bench --json` says of a job."""
        arguments = ["bench", "--json", "--seconds", str(seconds), str(self._write(job, "bench"))]
        return json.loads(self._call(arguments, ranks).stdout)

    def peak(self, job: str, seconds: float) -> float:
        """Operations per second of a large product in single precision; the job only costs time."""
        arguments = ["bench", "--seconds", str(seconds), str(self._write(job, "peak"))]
        said = self._call(arguments).stdout
        found = re.search(r"^gemm +([0-9.]+) GFLOP/s", said, re.MULTILINE)
        return 1e9 * float(found[1]) if found else sys.exit(f"no rate of products in:\n{said}")

    def run(self, job: str, name: str, ranks: int | None = None) -> Sweep:
        """Runs a job from the beginning, under mpirun if a number of ranks is given."""
        shutil.rmtree(self.folder / name, ignore_errors=True)
        return self.resume(job, name, ranks)

    def resume(self, job: str, name: str, ranks: int | None = None) -> Sweep:
        """Runs what is left of a job."""
        directory = self.folder / name
        start = time.perf_counter()
        self._call(["run", str(self._write(job, name)), "-o", str(directory)], ranks)
        return Sweep(directory, time.perf_counter() - start)

    def merge(self, sweep: Sweep, file: Path) -> float:
        """Merges the shards of a sweep into a file; how long the command took."""
        start = time.perf_counter()
        self._call(["merge", str(sweep.directory), "-o", str(file)])
        return time.perf_counter() - start

    def evaluate(
        self, job: str, weights: Path, directions: np.ndarray | None = None
    ) -> dict[str, np.ndarray]:
        """What `eos-sweep evaluate` finds at some weights, also along directions, a row each."""
        found, along = self.folder / "evaluated.h5", self.folder / "directions.h5"
        options = ["--weights", str(weights), "-o", str(found)]
        if directions is not None:
            with h5py.File(along, "w") as file:
                file["directions"] = directions
            options += ["--directions", str(along)]
        self._call(["evaluate", str(self._write(job, "evaluate")), *options])
        with h5py.File(found) as file:
            return {name: np.asarray(values) for name, values in file.items()}

    def check_same_bits(self, first: Sweep, second: Sweep) -> None:
        """Ends the benchmark if two sweeps differ in a single bit."""
        self._call(["compare", str(first.directory), str(second.directory)])

    def version(self) -> str:
        """The program's version and commit."""
        return self._call(["--version"]).stdout.strip()

    def kernels(self) -> dict[str, str]:
        """What computes on this machine: the level of the program's own loops, and the library."""
        # Status 1: it found something to mend on this machine.
        told = self._call(["doctor", str(self.folder)], statuses=(0, 1)).stdout
        lines = dict(line.split(":", 1) for line in told.splitlines() if ":" in line)
        return {name: lines[name].strip() for name in ("level", "BLAS")}

    def write_weights(self, weights: np.ndarray, name: str = "weights") -> Path:
        """Writes a file for the key `init.file`."""
        path = self.folder / f"{name}.h5"
        with h5py.File(path, "w") as file:
            file["weights"] = weights
        return path

    def _write(self, job: str, name: str) -> Path:
        path = self.folder / f"{name}.yaml"
        path.write_text(job)
        return path

    def _call(
        self,
        arguments: list[str],
        ranks: int | None = None,
        statuses: Collection[int] = (0,),
    ) -> subprocess.CompletedProcess[str]:
        launcher = [] if ranks is None else [str(ROOT / "Scripts/mpirun"), "-n", str(ranks)]
        command = [*launcher, str(self.path), *arguments]
        environment = os.environ | {"OPENBLAS_NUM_THREADS": "1"}
        done = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)
        if done.returncode not in statuses:
            said = f"{done.stdout}{done.stderr}"
            sys.exit(f"{' '.join(command)} ended with status {done.returncode}:\n{said}")
        return done


def image_job(images: Images, model: str, steps: int, examples: int, **keys: object) -> str:
    """A job that trains on images by full-batch gradient descent; `keys` are further lines."""
    lines = {
        "name": "benchmark",
        "data": f"{{name: cifar10, path: {images.file}, examples: {examples}}}",
        "model": model,
        "loss": "mse",
        "optimizer": "gd",
        "learning_rate": 0.02,
        "stop": f"{{steps: {steps}}}",
        **keys,
    }
    return "".join(f"{key}: {value}\n" for key, value in lines.items())
