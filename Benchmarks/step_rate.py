"""Training steps per second of eos-sweep and of an equivalent PyTorch loop, side by side.

Chebyshev-4: 20 points on [-1, 1], network 1-100-1 with tanh and no output bias (300 parameters),
mean of half the squared error, full-batch gradient descent in single precision, one thread, no
measurements. Both start from the same weights and take turns; each turn gives one ratio.
"""

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import h5py
import numpy as np

try:
    import torch  # pyright: ignore[reportMissingImports]
except ModuleNotFoundError:
    torch = None

ROOT = Path(__file__).resolve().parents[1]
POINTS, HIDDEN, DEGREE = 20, 100, 4
LEARNING_RATE = 0.05

JOB = f"""\
name: step-rate
data: {{name: chebyshev, degree: {DEGREE}, points: {POINTS}}}
model:
  {{name: mlp, hidden: [{HIDDEN}], activation: tanh, output_bias: false}}
loss: mse
optimizer: {{name: gd}}
learning_rate: {LEARNING_RATE}
precision: float
init: {{file: WEIGHTS}}
stop: {{steps: STEPS}}
measure: {{every: never}}
"""


def main() -> int:
    """Takes turns, prints a table of rates and ratios, and writes it as Markdown."""
    options = _options()
    weights = _initial_weights()
    if torch is None:
        print(
            "PyTorch is missing: eos-sweep is timed alone. To compare: .venv/bin/pip install torch"
        )
    ours, theirs = [], []
    for turn in range(options.turns):
        rate, loss = eos_sweep_turn(options.program, weights, options.steps)
        ours.append(rate)
        if torch is not None:
            rate, reference = torch_turn(weights, options.torch_steps)
            theirs.append(rate)
            _check_same_training(turn, loss, reference)
    report = _table(ours, theirs)
    print(report)
    options.output.parent.mkdir(parents=True, exist_ok=True)
    options.output.write_text(report)
    print(f"written to {options.output}")
    return 0


def eos_sweep_turn(program: Path, weights: np.ndarray, steps: int) -> tuple[float, np.ndarray]:
    """Steps per second of one run, and its losses. The program's own clock leaves out start-up."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with h5py.File(folder / "weights.h5", "w") as file:
            file["weights"] = weights
        job = JOB.replace("WEIGHTS", str(folder / "weights.h5")).replace("STEPS", str(steps))
        (folder / "job.yaml").write_text(job)
        command = [program, "run", folder / "job.yaml", "-o", folder / "sweep"]
        done = subprocess.run(
            command,
            env=os.environ | {"OPENBLAS_NUM_THREADS": "1"},
            check=False,
            capture_output=True,
            text=True,
        )
        if done.returncode != 0:
            sys.exit(f"eos-sweep failed with status {done.returncode}:\n{done.stderr}")
        with h5py.File(folder / "sweep" / "sweep.h5") as file:
            seconds = float(np.asarray(file["wall_seconds"])[0])
            return steps / seconds, np.asarray(file["train_loss"])[0]


def torch_turn(weights: np.ndarray, steps: int) -> tuple[float, np.ndarray]:
    """Steps per second of the PyTorch loop, and its losses, recorded at every step as ours are."""
    assert torch is not None
    torch.set_num_threads(1)
    x = torch.linspace(-1, 1, POINTS).unsqueeze(1)
    y = torch.cos(DEGREE * torch.arccos(x))
    net = torch.nn.Sequential(
        torch.nn.Linear(1, HIDDEN), torch.nn.Tanh(), torch.nn.Linear(HIDDEN, 1, bias=False)
    )
    parameters = list(net.parameters())
    torch.nn.utils.vector_to_parameters(torch.from_numpy(weights), parameters)
    losses = np.empty(steps)
    start = time.perf_counter()
    for step in range(steps):
        loss = 0.5 * ((net(x) - y) ** 2).mean()
        gradients = torch.autograd.grad(loss, parameters)
        with torch.no_grad():
            for parameter, gradient in zip(parameters, gradients, strict=True):
                parameter.add_(gradient, alpha=-LEARNING_RATE)
        losses[step] = loss.item()
    return steps / (time.perf_counter() - start), losses


def _initial_weights() -> np.ndarray:
    """Xavier normal with first-layer gain 1.9 and zero biases, in PyTorch's order of parameters."""
    random = np.random.default_rng(0)
    deviation = np.sqrt(2 / (1 + HIDDEN))
    first, last = random.standard_normal((2, HIDDEN)) * deviation
    return np.concatenate([1.9 * first, np.zeros(HIDDEN), last]).astype(np.float32)


def _check_same_training(turn: int, loss: np.ndarray, reference: np.ndarray) -> None:
    """Below the edge of stability rounding errors do not grow: losses agree to a part in 10^3."""
    common = min(len(loss), len(reference))
    loss, reference = loss[:common], reference[:common]
    if not np.allclose(loss, reference, rtol=1e-3, atol=1e-6):
        at = int(np.argmax(np.abs(loss - reference)))
        sys.exit(f"turn {turn}: losses differ at step {at}: {loss[at]} and {reference[at]}")


def _table(ours: Sequence[float], theirs: Sequence[float]) -> str:
    lines = [
        "# chebyshev-4, gd, full batch, float, one thread, no measurements",
        "",
        "| | median | least | greatest | turns |\n|---|---|---|---|---|",
        _row("eos-sweep, steps/s", ours, ",.0f"),
    ]
    if theirs:
        ratios = [mine / other for mine, other in zip(ours, theirs, strict=True)]
        lines += [_row("PyTorch, steps/s", theirs, ",.0f"), _row("ratio", ratios, ".1f")]
    return "\n".join([*lines, ""])


def _row(name: str, values: Sequence[float], form: str) -> str:
    cells = [statistics.median(values), min(values), max(values)]
    return f"| {name} | " + " | ".join(format(cell, form) for cell in cells) + f" | {len(values)} |"


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    default = ROOT / ".build/release/eos-sweep"
    parser.add_argument("--program", type=Path, default=default, help="the release build")
    parser.add_argument("--turns", type=int, default=7)
    parser.add_argument("--steps", type=int, default=100_000, help="steps of eos-sweep per turn")
    parser.add_argument("--torch-steps", type=int, default=5_000, help="steps of PyTorch per turn")
    parser.add_argument("--output", type=Path, default=ROOT / "results/benchmarks/step_rate.md")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
