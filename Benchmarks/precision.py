"""What single precision costs in eigenvalues: the same weights measured in both precisions.

    python Benchmarks/precision.py [--data FILE]

A run in single precision is stopped at several steps before and after its sharpness crosses the
threshold. Each of these weights, which double precision holds exactly, is measured in single and
in double precision at several tolerances. The value at tolerance 1e-10 in double precision counts
as true. Writes results/same-weights/same-weights.csv; docs/precision.md discusses it.
"""

import argparse
import os
import sys
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import xarray as xr

from eos_analysis.sweep import settings
from eos_sweep import ROOT, EosSweep

TRUE = 1e-10
TOLERANCES = (1e-2, 5e-3, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7)
FOLDER = ROOT / "results/same-weights"


@dataclass(frozen=True)
class Problem:
    """A run, and the steps whose weights are measured."""

    name: str
    settings: str
    steps: tuple[int, ...]

    def job(self, name: str, grid: str, measure: str) -> str:
        """A job on this problem; `grid` is what varies."""
        shared = "loss: mse\noptimizer: gd\n"
        return f"name: {name}\n{self.settings}{shared}measure: {measure}\ngrid: [{grid}]\n"


CHEBYSHEV = Problem(
    "chebyshev-4",
    "data: {name: chebyshev, degree: 4, points: 20}\n"
    "model: {name: mlp, hidden: [100], activation: tanh, output_bias: false, gains: [1.9],"
    " initialization: xavier-normal}\nlearning_rate: 0.2\n",
    (1, 500, 1000, 1500, 2000, 2300, 2500, 3000, 5000, 8000),
)
MIXTURE = Problem(
    "gaussian-mixture",
    "data: {name: gaussian-mixture, examples: 500, features: 100, separation: 0.5}\n"
    "model: {name: mlp, hidden: [50, 50], activation: tanh}\nlearning_rate: 0.2\n",
    (1, 500, 1000, 1500, 2000, 3000, 4000),
)


def images(file: Path, examples: int, steps: tuple[int, ...]) -> Problem:
    """The network of 656,810 parameters on images."""
    return Problem(
        f"cifar10, {examples:,} images",
        f"data: {{name: cifar10, path: {file.resolve()}, examples: {examples}}}\n"
        "model: {name: mlp, hidden: [200, 200], activation: tanh}\nlearning_rate: 0.02\n",
        steps,
    )


def main() -> int:
    """Measures every problem and writes one table."""
    options = _options()
    problems = [CHEBYSHEV, MIXTURE]
    if options.data is not None:
        problems += [images(options.data, 1000, (1, 200, 400, 700, 1400))]
    tables = []
    for problem in problems:
        print(f"{problem.name}: weights at steps {', '.join(map(str, problem.steps))}", flush=True)
        folder = FOLDER / problem.name.replace(" ", "").replace(",", "-")
        folder.mkdir(parents=True, exist_ok=True)
        tables.append(measure(EosSweep(options.program, folder), problem))
    print(summary(pd.concat(tables)))
    pd.concat(tables).to_csv(FOLDER / "same-weights.csv", index=False)
    print(f"written to {FOLDER / 'same-weights.csv'}")
    return 0


def measure(program: EosSweep, problem: Problem) -> pd.DataFrame:
    """One row for every step, precision and tolerance."""
    grid = f"{{stop.steps: {list(problem.steps)}, keep_weights: final}}"
    trained = program.resume(problem.job("weights", grid, "{every: never}"), "weights")
    shards = {
        _steps(shard): shard.resolve() for shard in (trained.directory / "shards").glob("*.h5")
    }
    files = ", ".join(str(shards[steps]) for steps in problem.steps)
    shared = f"init.file: [{files}], stop.steps: 1, "
    job = problem.job(
        "measured",
        f"{{{shared}precision: [float, double], measure.tolerance: {list(TOLERANCES)}}}, "
        f"{{{shared}precision: double, measure.tolerance: {TRUE}}}",
        "{every: 1, top: 2, max_products: 1000}",
    )
    table = _table(program.resume(job, "measured").directory, shards)
    true = table[table.tolerance == TRUE].set_index("step")
    table = table[table.tolerance != TRUE].copy()
    for name in ("first", "second"):
        expected = table.step.map(true[name])
        table[f"{name}_error"] = (table[name] - expected).abs() / table.step.map(true["first"])
    table.insert(0, "problem", problem.name)
    return pd.DataFrame(table)


def summary(table: pd.DataFrame) -> str:
    """The worst relative error of the largest eigenvalue over all weights, as Markdown."""
    worst = table.pivot_table(
        "first_error", "tolerance", ["problem", "precision"], "max", sort=False
    )
    lines = ["| | " + " | ".join(" ".join(names) for names in worst.columns) + " |"]
    lines.append("|---" * (1 + worst.shape[1]) + "|")
    for tolerance, errors in worst.iterrows():
        cells = [f"{tolerance:g}", *(f"{error:.0e}" for error in errors)]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _table(directory: Path, shards: dict[int, Path]) -> pd.DataFrame:
    steps = {str(path): steps for steps, path in shards.items()}
    with xr.open_dataset(directory / "sweep.h5") as sweep:
        values, residuals = (
            sweep.hessian_eigenvalues.values[:, 0],
            sweep.hessian_residuals.values[:, 0],
        )
        return pd.DataFrame(
            {
                "step": [steps[each["init.file"]] for each in settings(sweep)],
                "precision": sweep.precision.values,
                "tolerance": [each["measure.tolerance"] for each in settings(sweep)],
                "first": values[:, 0],
                "second": values[:, 1],
                "residual": residuals.max(axis=1) / values[:, 0],
                "products": sweep.products_used.values[:, 0],
                "converged": sweep.converged.values[:, 0],
            }
        )


def _steps(shard: Path) -> int:
    with xr.open_dataset(shard) as run:
        return int(run.steps_taken.item())


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    data = os.environ.get("EOS_SWEEP_IMAGES")
    parser.add_argument("--program", type=Path, default=ROOT / ".build/release/eos-sweep")
    parser.add_argument("--data", type=Path, default=data, help="images, as for `make benchmark`")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
