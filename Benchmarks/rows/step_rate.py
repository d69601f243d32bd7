"""Training steps per second of a small network, without measurements, one thread.

Chebyshev-4: 20 points on [-1, 1], network 1-100-1 with tanh and no output bias (300 parameters),
mean of half the squared error, full-batch gradient descent in single precision.
"""

import time

import numpy as np

import peer
from setting import Row, Setting
from turns import Figures, Line, take_turns

POINTS, HIDDEN, DEGREE, LEARNING_RATE = 20, 100, 4, 0.05
OUR_STEPS, PEER_STEPS = 100_000, 5_000


def measure(setting: Setting) -> list[Line]:
    """Both from the same weights, by turns; ends if their losses are not the same."""
    weights = _initial_weights()
    steps = setting.scaled(OUR_STEPS)
    job = f"""\
name: benchmark
data: {{name: chebyshev, degree: {DEGREE}, points: {POINTS}}}
model: {{name: mlp, hidden: [{HIDDEN}], activation: tanh, output_bias: false}}
loss: mse
optimizer: gd
learning_rate: {LEARNING_RATE}
init: {{file: {setting.program.write_weights(weights)}}}
stop: {{steps: {steps}}}
measure: {{every: never}}
"""
    losses: dict[str, np.ndarray] = {}

    def ours() -> Figures:
        sweep = setting.program.run(job, "step-rate")
        losses["ours"] = sweep.values("train_loss")
        return {"rate": steps / sweep.wall_seconds}

    def torchs() -> Figures:
        rate, losses["torch"] = _peer_rate(weights, setting.scaled(PEER_STEPS))
        _check_same_training(losses["ours"], losses["torch"])
        return {"rate": rate}

    contestants = {"ours": ours} | ({"torch": torchs} if peer.IS_INSTALLED else {})
    turns = take_turns(setting.turns, contestants, setting.say)
    lines = [Line("steps per second", turns["ours rate"])]
    if peer.IS_INSTALLED:
        lines += [
            Line("steps per second of PyTorch", turns["torch rate"]),
            Line("ours over PyTorch's", turns.ratio("ours rate", "torch rate"), "x"),
        ]
    return lines


def _peer_rate(weights: np.ndarray, steps: int) -> tuple[float, np.ndarray]:
    """Steps per second of a PyTorch loop, and its losses, recorded at every step as ours are."""
    peer.use_threads(1)
    x = np.linspace(-1, 1, POINTS, dtype=np.float32)[:, None]
    y = np.cos(DEGREE * np.arccos(x))
    problem = peer.Problem(peer.small(HIDDEN), x, y, block_size=POINTS)
    problem.set_weights(weights)
    losses = np.empty(steps)
    start = time.perf_counter()
    for step in range(steps):
        losses[step] = problem.step(LEARNING_RATE)
    return steps / (time.perf_counter() - start), losses


def _initial_weights() -> np.ndarray:
    """Xavier normal with first-layer gain 1.9 and zero biases, in PyTorch's order of parameters."""
    random = np.random.default_rng(0)
    deviation = np.sqrt(2 / (1 + HIDDEN))
    first, last = random.standard_normal((2, HIDDEN)) * deviation
    return np.concatenate([1.9 * first, np.zeros(HIDDEN), last]).astype(np.float32)


def _check_same_training(ours: np.ndarray, reference: np.ndarray) -> None:
    """Below the edge of stability rounding errors do not grow: losses agree to a part in 10^3."""
    common = min(len(ours), len(reference))
    np.testing.assert_allclose(ours[:common], reference[:common], rtol=1e-3, atol=1e-6)


ROW = Row("step-rate", "steps per second of chebyshev-4, no measurements, one thread", 1, measure)
