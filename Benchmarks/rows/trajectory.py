"""100 steps of gradient descent with the top 2 eigenvalues, against PyTorch with SciPy's ARPACK."""

import functools

import numpy as np

import peer
from first_network import first_weights, training
from setting import Row, Setting
from turns import Figures, Line, Target, seconds_of, take_turns

STEPS, LEARNING_RATE = 100, 0.02
SAMPLED_SOLVES = 4
TOLERANCES = {"usual": 1e-3, "equal": 5e-3}
"""ARPACK's: what scripts ask for, and what we ask for."""


class _Peer:
    """PyTorch's way along the trajectory; a few of its eigenvalue problems are solved and timed."""

    def __init__(self, setting: Setting, weights: np.ndarray, every: int):
        peer.use_threads(1)
        self.problem = peer.fastest(peer.mlp, *setting.images.load(setting.examples))
        self.weights, self.measurements = weights, -(-STEPS // every)
        self.top = np.nan

    def turn(self) -> Figures:
        """Seconds of all steps and all measurements; the mean of a few solves stands for each."""
        self.problem.set_weights(self.weights)
        solved = np.linspace(0, STEPS - 1, SAMPLED_SOLVES).round().astype(int)
        steps, solves, products = 0.0, dict.fromkeys(TOLERANCES, 0.0), 0
        for step in range(STEPS):
            if step in solved:
                for name, tolerance in TOLERANCES.items():
                    solves[name] += seconds_of(functools.partial(self._solve, tolerance))
                    products += self.products if name == "usual" else 0
            if step == 0:
                self.top = self.largest
            steps += seconds_of(functools.partial(self.problem.step, LEARNING_RATE))
        share = self.measurements / len(solved)
        return {name: steps + share * spent for name, spent in solves.items()} | {
            "products": products / len(solved)
        }

    def _solve(self, tolerance: float) -> None:
        values, self.products = self.problem.top_eigenvalues(2, tolerance)
        self.largest = values[0]


def measure(every: int, target: Target, setting: Setting) -> list[Line]:
    """Both from the same weights; ends if the first sharpness is not the same."""
    weights = first_weights()
    job = training(
        setting,
        STEPS,
        measure=f"{{every: {every}, top: 2, tolerance: 5e-3}}",
        init=f"{{file: {setting.program.write_weights(weights)}}}",
    )
    first_sharpness = np.nan

    def ours() -> Figures:
        nonlocal first_sharpness
        sweep = setting.program.run(job, "trajectory")
        first_sharpness = float(sweep.values("sharpness")[0])
        return {
            "seconds": sweep.wall_seconds,
            "products": float(sweep.values("products_used").mean()),
        }

    reference = _Peer(setting, weights, every) if peer.IS_INSTALLED else None
    contestants = {"ours": ours} | ({"torch": reference.turn} if reference else {})
    turns = take_turns(min(setting.turns, 3), contestants, setting.say)
    lines = [
        Line("100 steps", turns["ours seconds"], "s"),
        Line("products per measurement", turns["ours products"]),
    ]
    if reference is None:
        return lines
    np.testing.assert_allclose(first_sharpness, reference.top, rtol=5e-3)
    usual, equal = (turns.ratio(f"torch {name}", "ours seconds") for name in TOLERANCES)
    return [
        *lines,
        Line("products per solve of ARPACK, tolerance 1e-3", turns["torch products"]),
        Line("PyTorch with ARPACK, 1e-3, over ours", usual, "x", target),
        Line("PyTorch with ARPACK, 5e-3, over ours", equal, "x"),
    ]


EVERY_STEP = Row(
    "trajectory-1",
    "100 steps, top 2 at every step, one thread",
    6,
    functools.partial(measure, 1, Target(6.3)),
)
EVERY_TENTH_STEP = Row(
    "trajectory-10",
    "100 steps, top 2 every 10 steps, one thread",
    4,
    functools.partial(measure, 10, Target(4)),
)
