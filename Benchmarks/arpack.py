"""Eigenvalues along a run at the edge of stability, against ARPACK on a Hessian written by hand.

    python Benchmarks/arpack.py --data FILE

The run of jobs/cifar10-gd.yaml is made once, with the top 2 measured every 10 steps. The weights at
some of these steps are made again by a chain of short runs, each from the last weights of the one
before; plain gradient descent has no other state, and the chain's losses must be the run's, bit for
bit. At each, SciPy's ARPACK in double precision says what the eigenvalues are.
"""

import argparse
import os
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import h5py
import numpy as np

from eos_sweep import ROOT, EosSweep, Sweep, image_job
from first_network import MODEL
from images import Images
from tanh_network import TanhNetwork

EVERY, TOP = 10, 2
KEPT = ROOT / "results/benchmarks/arpack.md"


@dataclass(frozen=True)
class Check:
    """One measurement of the run beside the values of ARPACK."""

    step: int
    measured: np.ndarray
    expected: np.ndarray
    products: int
    seconds: float

    @property
    def error(self) -> float:
        """The largest error over the largest eigenvalue, as the tolerance is meant."""
        return float(np.abs(self.measured - self.expected).max() / self.expected[0])

    def __str__(self) -> str:
        """A row of the table."""
        cells = [str(self.step)]
        for measured, expected in zip(self.measured, self.expected, strict=True):
            cells += [f"{measured:.4f}", f"{expected:.4f}"]
        cells += [f"{self.error:.1e}", str(self.products), f"{self.seconds:.0f}"]
        return f"| {' | '.join(cells)} |"


def main() -> int:
    """Makes the run, then checks step after step, saying how long each takes."""
    options = _options()
    with tempfile.TemporaryDirectory() as name:
        program = EosSweep(options.program, Path(name))
        images = Images.prepare(options.data, Path(name))
        run = _train(program, images, options)
        report = [*_products(run), "", _HEAD]
        print("\n".join(report), flush=True)
        for check in _checks(program, images, run, options):
            report.append(str(check))
            print(check, flush=True)
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text("\n".join(["# Eigenvalues against ARPACK", "", *report, ""]))
    print(f"written to {options.output}")
    return 0


_HEAD = (
    "| step | first | ARPACK | second | ARPACK | error | products of ARPACK | seconds |\n"
    "|---|---|---|---|---|---|---|---|"
)


def _train(program: EosSweep, images: Images, options: argparse.Namespace) -> Sweep:
    print(f"one run of {options.steps} steps on {options.examples} images", flush=True)
    measure = f"{{every: {EVERY}, top: {TOP}, tolerance: {options.tolerance}}}"
    job = image_job(images, MODEL, options.steps, options.examples, measure=measure)
    return program.run(job, "whole")


def _products(run: Sweep) -> list[str]:
    used = run.values("products_used")
    converged = run.values("converged")
    return [
        f"products per measurement: mean {used.mean():.2f}, median {np.median(used):.0f}, "
        f"most {used.max()}; converged: {int(converged.sum())} of {len(used)}",
        f"sharpness times eta / 2: {run.values('sharpness')[-1] * 0.01:.3f} at the end; "
        f"the run took {run.wall_seconds:.0f} s",
    ]


def _checks(program: EosSweep, images: Images, run: Sweep, options: argparse.Namespace):
    x, y = images.load(options.examples, np.float64)
    network = TanhNetwork(x, y, [200, 200])
    measurements = len(run.values("measured_step"))
    chosen = np.linspace(0, measurements - 1, options.checks).round().astype(int)
    weights: Path | None = None
    before = 0
    for index in chosen:
        step = int(run.values("measured_step")[index])
        weights = _weights_at(program, images, run, (before, step), weights, options.examples)
        before = step
        with h5py.File(weights) as file:
            flat = np.asarray(file["weights"], dtype=np.float64).ravel()
        start = time.perf_counter()
        expected, products = network.top_eigenvalues(flat, TOP, 1e-6)
        seconds = time.perf_counter() - start
        measured = run.values("hessian_eigenvalues")[index]
        yield Check(step, measured, expected, products, seconds)


def _weights_at(
    program: EosSweep,
    images: Images,
    run: Sweep,
    span: tuple[int, int],
    start: Path | None,
    examples: int,
) -> Path:
    """The run's weights at the end of a span of steps, from those at its beginning."""
    first, last = span
    keys = {"measure": "{every: never}", "keep_weights": "final"}
    if start is not None:
        keys["init"] = f"{{file: {start}}}"
    link = program.run(image_job(images, MODEL, last - first, examples, **keys), f"chain-{last}")
    again, whole = link.values("train_loss"), run.values("train_loss")[first:last]
    if not np.array_equal(again, whole):
        sys.exit(f"steps {first} to {last} have other losses in the chain than in the run")
    return next((link.directory / "shards").glob("*.h5"))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--program", type=Path, default=ROOT / ".build/release/eos-sweep")
    data = os.environ.get("EOS_SWEEP_IMAGES")
    parser.add_argument("--data", type=Path, default=data, help="as for `make benchmark`")
    parser.add_argument("--examples", type=int, default=5000)
    parser.add_argument("--steps", type=int, default=1400)
    parser.add_argument("--checks", type=int, default=20, help="steps at which ARPACK is asked")
    parser.add_argument("--tolerance", default="5e-3")
    parser.add_argument("--output", type=Path, default=KEPT)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
