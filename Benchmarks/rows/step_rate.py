"""Training steps per second of small networks, without measurements, one thread.

Against JAX, which compiles the whole loop, against PyTorch's eager loop, and against the time that
the arithmetic of a step would take at the machine's peak: the rate of a large matrix product in
single precision, or half of it in double precision, where a register holds half as many numbers.
"""

import sys
import time
from collections.abc import Callable

import numpy as np

import jax_peer
import peer
from setting import Row, Setting
from small_networks import ALL, SmallNetwork
from turns import Figures, Line, Target, Turns, take_turns

PEAK_SECONDS = 0.3
COMPARED = 50
"""Losses of so many steps must agree, to these parts of the first."""
AGREEMENT = {"float": 1e-4, "double": 1e-10}
GOALS = {"chebyshev-4": Target(2)}
"""Against JAX."""


class _Subject:
    """A network, trained by everyone from the same weights on the same data."""

    def __init__(self, network: SmallNetwork, setting: Setting):
        self.network, self.setting = network, setting
        # A quarter of the time for each, at about what a step takes.
        expected = 1e-6 + network.operations / 2e10
        self.steps = max(int(setting.seconds / 4 / expected), 2 * COMPARED)
        self.losses = np.empty(0)

    def contestants(self) -> dict[str, Callable[[], Figures]]:
        """We come first: the losses of the others are held against ours."""
        contestants = {"ours": self._ours}
        if jax_peer.IS_INSTALLED:
            training = jax_peer.JaxTraining(self.network, self.steps)
            contestants["JAX"] = lambda: self._others(*training.rate())
        if peer.IS_INSTALLED:
            contestants["PyTorch"] = lambda: self._others(*self._torchs())
        return {f"{self.network}, {name}": measure for name, measure in contestants.items()}

    def lines(self, turns: Turns) -> list[Line]:
        """How many steps per second, and how many times the others'."""
        ours = f"{self.network}, ours rate"
        lines = [Line(f"{self.network}: steps per second", turns[ours])]
        for name, target in (("JAX", GOALS.get(self.network.name)), ("PyTorch", None)):
            if (others := f"{self.network}, {name} rate") in turns:
                lines.append(Line(f"over {name}'s", turns.ratio(ours, others), "x", target))
        operations = self.network.operations / (1 if self.network.precision == "float" else 0.5)
        bound = [
            rate * operations / peak
            for rate, peak in zip(turns[ours], turns["peak rate"], strict=True)
        ]
        return [*lines, Line("over its arithmetic bound", bound)]

    def _ours(self) -> Figures:
        sweep = self.setting.program.run(
            self.network.job(self.setting.program, self.steps), "steps"
        )
        self.losses = sweep.values("train_loss")
        return {"rate": self.steps / sweep.wall_seconds}

    def _torchs(self) -> tuple[float, np.ndarray]:
        """PyTorch's loop, fewer steps of it, which records losses at every step as we do."""
        peer.use_threads(1)
        x, y = self.network.data()
        problem = peer.Problem(peer.small(self.network), x, y, block_size=len(x))
        problem.set_weights(self.network.weights())
        step = problem.step if self.network.optimizer == "gd" else peer.Adam(problem).step
        losses = np.empty(max(self.steps // 50, COMPARED))
        start = time.perf_counter()
        for index in range(len(losses)):
            losses[index] = step(self.network.learning_rate)
        return len(losses) / (time.perf_counter() - start), losses

    def _others(self, rate: float, losses: np.ndarray) -> Figures:
        """Ends the benchmark if it was another training than ours."""
        first, ours = losses[:COMPARED].astype(float), self.losses[:COMPARED]
        difference = float(np.abs(first - ours).max() / ours[0])
        if not difference <= AGREEMENT[self.network.precision]:
            sys.exit(f"{self.network}: losses are off by {difference:.1e} of the first")
        return {"rate": rate, "difference": difference}


def measure(setting: Setting) -> list[Line]:
    """All networks by turns; the machine's peak is measured in every turn too."""
    subjects = [_Subject(network, setting) for network in ALL]
    peak_seconds = min(PEAK_SECONDS, setting.seconds)
    small = ALL[0].job(setting.program, 1)
    contestants: dict[str, Callable[[], Figures]] = {
        "peak": lambda: {"rate": setting.program.peak(small, peak_seconds)}
    }
    for subject in subjects:
        contestants |= subject.contestants()
    turns = take_turns(setting.turns, contestants, setting.say)
    lines = [line for subject in subjects for line in subject.lines(turns)]
    peak = [rate / 1e9 for rate in turns["peak rate"]]
    return [Line("a large matrix product", peak, "GFLOP/s"), *lines, *_differences(turns)]


def _differences(turns: Turns) -> list[Line]:
    """How near the first losses of the others were to ours, at the worst."""
    what = f"first {COMPARED} losses against the others', largest difference over the first"
    by_precision = {
        precision: [
            value
            for network in ALL
            if network.precision == precision
            for name in ("JAX", "PyTorch")
            if (figure := f"{network}, {name} difference") in turns
            for value in turns[figure]
        ]
        for precision in AGREEMENT
    }
    return [
        Line(f"{what}, {precision}", [max(values)])
        for precision, values in by_precision.items()
        if values
    ]


ROW = Row(
    "step-rate", "steps per second of small networks, no measurements, one thread", 3, measure
)
