"""Steps of a central flow with two critical directions, against PyTorch; one thread.

The network of the first row is trained for some steps, and the step size is then such that its
second eigenvalue is just below the edge: after two steps the flow holds both of the largest there.
"""

import functools
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np

import peer
from first_network import first_weights, training
from flow_peer import FlowPeer
from setting import Row, Setting
from turns import Figures, Line, Target, seconds_per_call, take_turns

TRAINING_STEPS = 150
FIRST, TIMED = 2, 6
"""So many steps are timed from the first on: what comes before is start-up."""
EDGE = 1.98
"""Where the second eigenvalue begins; the edge is at 2."""


@dataclass(frozen=True)
class _Place:
    """Weights, and the step size of the flow from there."""

    weights: np.ndarray
    file: Path
    learning_rate: float


def _train(setting: Setting) -> _Place:
    job = training(
        setting,
        TRAINING_STEPS,
        measure="{every: never, top: 3, tolerance: 1e-3}",
        keep_weights="final",
        init=f"{{file: {setting.program.write_weights(first_weights())}}}",
    )
    weights = setting.program.run(job, "training").values("weights")
    file = setting.program.write_weights(weights, "trained")
    eigenvalues = setting.program.evaluate(job, file)["eigenvalues"]
    return _Place(weights, file, EDGE / eigenvalues[1])


def _peer(setting: Setting, place: _Place) -> FlowPeer:
    peer.use_threads(1)
    problem = peer.fastest(peer.mlp, *setting.images.load(setting.examples))
    return FlowPeer(problem, place.weights, place.learning_rate)


def _check(setting: Setting, torch: FlowPeer, job: str, weights: Path) -> None:
    """Ends if third derivatives differ."""
    found = setting.program.evaluate(job, weights, torch.vectors)["third_derivatives"]
    expected = torch.third_derivatives()
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-3 * np.abs(expected).max())


def _peer_figures(torch: FlowPeer, seconds: float, counts: dict[str, float]) -> Figures:
    substeps, products = round(counts["gradients"]), round(counts["products"])
    solved: list[int] = []
    return {
        "same": seconds_per_call(seconds, lambda: torch.same_work(substeps, products)),
        "authors": seconds_per_call(seconds, lambda: solved.append(torch.authors_step())),
        "products": float(np.mean(solved)),
    }


def measure(setting: Setting) -> list[Line]:
    """Both from the same weights; ends if third derivatives do not agree."""
    place = _train(setting)

    def job(steps: int) -> str:
        return training(
            setting,
            steps,
            process="central-flow",
            learning_rate=place.learning_rate,
            measure="{every: never}",
            init=f"{{file: {place.file}}}",
        )

    counts: dict[str, float] = {}
    last = FIRST + setting.scaled(TIMED)

    def ours() -> Figures:
        short, long = (setting.program.run(job(steps), f"flow-{steps}") for steps in (FIRST, last))
        timed = slice(FIRST, last)
        if (critical := long.values("critical_directions")[timed].tolist()) != [2] * (last - FIRST):
            sys.exit(f"two directions should be critical at every step, not {critical}")
        for name in ("gradients", "products", "third_derivatives"):
            counts[name] = float(long.values(f"flow_{name}")[timed].mean())
        gradient = setting.program.bench(job(1), setting.seconds)["gradient_seconds"]
        step = (long.wall_seconds - short.wall_seconds) / (last - FIRST)
        return {"step": step, "gradients": step / gradient}

    contestants = {"ours": ours}
    if peer.IS_INSTALLED:
        torch = _peer(setting, place)
        _check(setting, torch, job(1), place.file)
        contestants["torch"] = functools.partial(_peer_figures, torch, setting.seconds, counts)
    turns = take_turns(min(setting.turns, 3), contestants, setting.say)
    lines = [
        Line("a step", turns["ours step"], "s"),
        Line("a step, in gradients", turns["ours gradients"]),
        *(Line(f"{name.replace('_', ' ')} of a step", [count]) for name, count in counts.items()),
    ]
    if "torch same" not in turns:
        return lines
    same, authors = (turns.ratio(f"torch {way}", "ours step") for way in ("same", "authors"))
    return [
        *lines,
        Line("PyTorch, the same work, over ours", same, "x", Target(1.5)),
        Line("PyTorch, the authors' algorithm, over ours", authors, "x", Target(5)),
        Line("products of a LOBPCG solve there", turns["torch products"]),
    ]


ROW = Row(
    "flow", "central flow of mlp on 5,000 images, two critical directions, one thread", 4, measure
)
