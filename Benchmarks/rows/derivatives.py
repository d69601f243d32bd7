"""Gradient and Hessian product of a network on images, one thread."""

from collections.abc import Callable
from dataclasses import dataclass

import peer
from eos_sweep import image_job
from first_network import MODEL
from setting import Row, Setting
from turns import Figures, Line, Target, Turns, seconds_per_call, take_turns


@dataclass(frozen=True)
class Subject:
    """A network, and what its derivatives must reach."""

    job: str
    network: Callable
    gradient: Target
    kept: Target
    examples: int = 5000
    block_size: int = 250
    """The one we are fastest with, found by trial; PyTorch's is found here."""
    rebuilt: Target | None = None
    gradient_of_gemm: Target | None = None
    product_of_gemm: Target | None = None
    widths: tuple[int, ...] = ()
    """Of a network whose matrix products are also timed alone in PyTorch."""


def measure(subject: Subject, setting: Setting) -> list[Line]:
    """Both programs by turns."""
    examples = min(subject.examples, setting.examples)
    job = image_job(setting.images, subject.job, 1, examples, block_size=subject.block_size)
    contestants: dict[str, Callable[[], Figures]] = {
        "ours": lambda: setting.program.bench(job, setting.seconds)
    }
    if peer.IS_INSTALLED:
        peer.use_threads(1)
        problem = peer.fastest(subject.network, *setting.images.load(examples))
        setting.say(f"PyTorch is fastest with blocks of {problem.block_size}")
        contestants["torch"] = lambda: _peer_figures(subject, problem, setting.seconds)
    return _lines(subject, take_turns(setting.turns, contestants, setting.say))


def _peer_figures(subject: Subject, problem: peer.Problem, seconds: float) -> Figures:
    figures = {
        "gradient": seconds_per_call(seconds, problem.gradient),
        "kept": _seconds_with_graphs(problem, seconds),
    }
    figures["rebuilt"] = seconds_per_call(seconds, lambda: problem.hessian_product(problem.flat))
    if subject.widths:
        size = min(problem.block_size, problem.examples)
        multiply = peer.matrix_products(size, problem.examples // size, list(subject.widths))
        figures["gemm"] = seconds_per_call(seconds, multiply)
    return figures


def _seconds_with_graphs(problem: peer.Problem, seconds: float) -> float:
    graphs = problem.gradient_graphs()
    return seconds_per_call(seconds, lambda: problem.hessian_product(problem.flat, graphs))


def _lines(subject: Subject, turns: Turns) -> list[Line]:
    gradient, product = turns["ours gradient_seconds"], turns["ours product_seconds"]
    lines = [Line("gradient", gradient, "s"), Line("Hessian product", product, "s")]
    if "ours gradient_of_gemm" in turns:
        shares = turns["ours gradient_of_gemm"], turns["ours product_of_gemm"]
        lines += [
            Line("gradient: share of its GEMMs' rate", shares[0], "", subject.gradient_of_gemm),
            Line("product: share of its GEMMs' rate", shares[1], "", subject.product_of_gemm),
        ]
    if "torch gradient" in turns:
        lines += _against_peer(subject, turns)
    return lines


def _against_peer(subject: Subject, turns: Turns) -> list[Line]:
    gradient, product = "ours gradient_seconds", "ours product_seconds"
    lines = [
        Line(
            "gradient: PyTorch over ours",
            turns.ratio("torch gradient", gradient),
            "x",
            subject.gradient,
        ),
        Line(
            "product: PyTorch, graph kept, over ours",
            turns.ratio("torch kept", product),
            "x",
            subject.kept,
        ),
        Line(
            "product: PyTorch, graph rebuilt, over ours",
            turns.ratio("torch rebuilt", product),
            "x",
            subject.rebuilt,
        ),
    ]
    if "torch gemm" not in turns or "ours gradient_of_gemm" not in turns:
        return lines
    gemm = [a * b for a, b in zip(turns[gradient], turns["ours gradient_of_gemm"], strict=True)]
    limits = [a / b for a, b in zip(turns["torch gradient"], gemm, strict=True)]
    rates = [a / b for a, b in zip(turns["torch gemm"], gemm, strict=True)]
    return [
        *lines,
        Line(
            "gradient: PyTorch over its own GEMMs alone",
            turns.ratio("torch gradient", "torch gemm"),
            "x",
        ),
        Line("the gradient's GEMMs alone: PyTorch's over ours", rates, "x"),
        Line("gradient: PyTorch over our GEMMs alone, the most that is possible", limits, "x"),
    ]


_MLP = Subject(
    job=MODEL,
    network=peer.mlp,
    gradient=Target(1.05),
    kept=Target(1.05),
    rebuilt=Target(2),
    gradient_of_gemm=Target(0.95),
    product_of_gemm=Target(0.95),
    widths=(3072, 200, 200, 10),
)
_CNN = Subject(
    job="{name: cnn, channels: [32, 32], pooling: average, activation: tanh}",
    network=peer.cnn,
    gradient=Target(3),
    kept=Target(4),
    examples=2000,
    block_size=25,
)

MLP = Row(
    "mlp",
    "mlp 3072-200-200-10 with tanh on 5,000 images, one thread",
    2,
    lambda setting: measure(_MLP, setting),
)
CNN = Row(
    "cnn", "cnn-avgpool-tanh on 2,000 images, one thread", 3, lambda setting: measure(_CNN, setting)
)
