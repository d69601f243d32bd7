"""Every optimizer over 200 steps against its paper's formulas, and against PyTorch's own."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from jobs import OPTIMIZERS
from program import Program
from tanh_network import TanhNetwork

# Well below every threshold: above it one rounding grows by orders of magnitude in 200 steps.
RATE = 1e-3
STEPS, HIDDEN = 200, [8]
Options = dict[str, Any]
Update = Callable[[np.ndarray, np.ndarray], np.ndarray]

MORE: list[Options] = [
    {"name": "gd", "weight_decay": 0.1},
    {"name": "nesterov", "momentum": 0.5, "weight_decay": 0.1},
    {"name": "qhm", "momentum": 0.9, "nu": 0.4, "bias_correction": True},
    {"name": "ema-heavy-ball", "bias_correction": True},
    {"name": "rmsprop", "bias_correction": False, "weight_decay": 0.1},
    {"name": "adagrad", "initial_accumulator": 0.1},
    {"name": "adam", "bias_correction": False, "weight_decay": 0.1},
    {"name": "adamw", "weight_decay": 0.5},
    {"name": "nadam", "momentum_decay": 0.004},
    {"name": "padam", "running_maximum": True, "bias_correction": True},
    {
        "name": "adafactor",
        "beta1": 0.0,
        "decay_rate": 0.8,
        "clip": 1.0,
        "relative_step": True,
        "epsilon": 0.0,
    },
]


def yaml(options: Options) -> str:
    """The options in YAML."""
    return json.dumps(options).replace('"', "")


class Trained:
    """A sweep over all optimizers from one initialisation, and the network they trained."""

    def __init__(self, program: Program, folder: Path):
        random = np.random.default_rng(3)
        x, y = random.normal(size=(40, 5)), random.normal(size=(40, 2))
        self.network = TanhNetwork(x, y, HIDDEN)
        self.start = random.normal(size=self.network.count) * 0.5
        with h5py.File(folder / "data.h5", "w") as file:
            file["x"], file["y"] = x, y
        with h5py.File(folder / "weights.h5", "w") as file:
            file["weights"] = self.start
        grid = ", ".join(
            yaml(options) for options in [*({"name": name} for name in OPTIMIZERS), *MORE]
        )
        (folder / "job.yaml").write_text(
            f"name: optimizers\n"
            f"data: {{name: hdf5, path: {folder}/data.h5}}\n"
            f"model: {{name: mlp, hidden: {HIDDEN}, activation: tanh}}\n"
            f"init: {{file: {folder}/weights.h5}}\n"
            f"precision: double\nlearning_rate: {RATE}\nstop: {{steps: {STEPS}}}\n"
            f"measure: {{every: never}}\nkeep_weights: final\ngrid: [{{optimizer: [{grid}]}}]\n"
        )
        program.run("run", folder / "job.yaml", "-o", folder / "sweep")
        with h5py.File(folder / "sweep" / "sweep.h5") as file:
            configurations = [json.loads(text) for text in file["config_json"].asstr()[:]]
            paths = np.hstack([file["gradient_norm"][:], file["weights"][:]])
            options = [configuration["optimizer"] for configuration in configurations]
            self.runs = list(zip(options, paths, strict=True))

    def train(self, update: Update) -> np.ndarray:
        """The norm of the gradient at every step of an update rule, then the last weights."""
        weights, norms = self.start.copy(), []
        for _ in range(STEPS):
            gradient = self.network.gradient(weights)
            norms.append(np.linalg.norm(gradient))
            weights = update(weights, gradient)
        return np.hstack([norms, weights])


@pytest.fixture(scope="module")
def trained(program: Program, tmp_path_factory: pytest.TempPathFactory) -> Trained:
    return Trained(program, tmp_path_factory.mktemp("optimizers"))


def close(actual: np.ndarray, expected: np.ndarray, options: Options):
    assert np.abs(actual - expected).max() <= 1e-12 * np.abs(expected).max(), options


def arrays(flat: np.ndarray, network: TanhNetwork) -> list[np.ndarray]:
    """The weight matrices and biases, as views of the flat vector."""
    return [array for layer in network.layers(flat) for array in layer]


class Reference:
    """One update rule after its paper."""

    def __init__(self, options: Options, network: TanhNetwork):
        self.o, self.network, self.t = options, network, 0
        self.m: Any = 0.0
        self.v: Any = options.get("initial_accumulator", 0.0)
        self.s: Any = 0.0
        self.momenta = 1.0

    def __call__(self, w: np.ndarray, gradient: np.ndarray) -> np.ndarray:
        self.t += 1
        decay = self.o["weight_decay"]
        if self.o["name"] == "adamw":
            return (1 - RATE * decay) * w - RATE * self.adam(gradient)
        rule = getattr(self, self.o["name"].replace("-", "_"), self.adam)
        self.w = w
        return w - RATE * rule(gradient + decay * w)

    def fix(self, beta: float) -> float:
        return 1 - beta**self.t if self.o["bias_correction"] else 1.0

    def average(self, old: Any, new: Any, beta: float) -> Any:
        return beta * old + (1 - beta) * new

    def gd(self, g: np.ndarray) -> np.ndarray:
        return g

    def heavy_ball(self, g: np.ndarray) -> np.ndarray:
        self.m = self.o["momentum"] * self.m + g
        return self.m

    def nesterov(self, g: np.ndarray) -> np.ndarray:
        return g + self.o["momentum"] * self.heavy_ball(g)

    def ema_heavy_ball(self, g: np.ndarray) -> np.ndarray:
        self.m = self.average(self.m, g, self.o["momentum"])
        return self.m / self.fix(self.o["momentum"])

    def qhm(self, g: np.ndarray) -> np.ndarray:
        return (1 - self.o["nu"]) * g + self.o["nu"] * self.ema_heavy_ball(g)

    def scalar_rmsprop(self, g: np.ndarray) -> np.ndarray:
        self.v = self.average(self.v, g @ g, self.o["beta2"])
        return g / (np.sqrt(self.v / self.fix(self.o["beta2"])) + self.o["epsilon"])

    def adagrad(self, g: np.ndarray) -> np.ndarray:
        self.v = self.v + g**2
        return g / (np.sqrt(self.v) + self.o["epsilon"])

    def adadelta(self, g: np.ndarray) -> np.ndarray:
        self.v = self.average(self.v, g**2, self.o["beta2"])
        step = np.sqrt(self.s + self.o["epsilon"]) / np.sqrt(self.v + self.o["epsilon"]) * g
        self.s = self.average(self.s, step**2, self.o["beta2"])
        return step

    def adam(self, g: np.ndarray) -> np.ndarray:
        beta1 = self.o.get("beta1", 0.0)
        self.m = self.average(self.m, g, beta1)
        self.v = self.average(self.v, g**2, self.o["beta2"])
        self.s = np.maximum(self.s, self.v)
        largest = self.o["name"] == "amsgrad" or self.o.get("running_maximum", False)
        second = (self.s if largest else self.v) / self.fix(self.o["beta2"])
        root = second ** self.o.get("exponent", 0.5)
        return self.m / self.fix(beta1) / (root + self.o["epsilon"])

    def nadam(self, g: np.ndarray) -> np.ndarray:
        beta1, psi = self.o["beta1"], self.o["momentum_decay"]
        now, following = (
            beta1 * (1 - 0.5 * 0.96 ** (psi * t)) if psi else beta1 for t in (self.t, self.t + 1)
        )
        self.momenta *= now
        self.m = self.average(self.m, g, beta1)
        self.v = self.average(self.v, g**2, self.o["beta2"])
        u = (1 - now) * g / (1 - self.momenta) + following * self.m / (1 - self.momenta * following)
        return u / (np.sqrt(self.v / self.fix(self.o["beta2"])) + self.o["epsilon"])

    def adafactor(self, g: np.ndarray) -> np.ndarray:
        scheduled = self.o["decay_rate"] != "none"
        beta2 = 1 - self.t ** -self.o["decay_rate"] if scheduled else self.o["beta2"]
        pieces, old, self.v = [], self.v or [(0.0, 0.0)] * 4, []
        for array, w, (r, c) in zip(
            arrays(g, self.network), arrays(self.w, self.network), old, strict=True
        ):
            squares = np.atleast_2d(array) ** 2 + self.o["epsilon"]
            r = self.average(r, squares.mean(1, keepdims=True), beta2)
            c = self.average(c, squares.mean(0, keepdims=True), beta2)
            self.v.append((r, c))
            divisor = np.sqrt(r * c / r.mean() / (1.0 if scheduled else self.fix(beta2)))
            if self.o["clip"] != "none":
                size = np.sqrt(np.mean((array / divisor) ** 2))
                divisor = divisor * max(1.0, size / self.o["clip"])
            if self.o["relative_step"]:
                divisor = divisor / max(1e-3, np.sqrt(np.mean(w**2)))
            pieces.append(np.broadcast_to(divisor, squares.shape).ravel())
        self.m = self.average(self.m, g, self.o["beta1"])
        return self.m / self.fix(self.o["beta1"]) / np.concatenate(pieces)


def test_the_papers_formulas(trained: Trained):
    assert len(trained.runs) == len(OPTIMIZERS) + len(MORE)
    for options, weights in trained.runs:
        close(weights, trained.train(Reference(options, trained.network)), options)


def torch_update(torch: Any, options: Options, network: TanhNetwork) -> Update | None:
    """PyTorch's own optimizer with these options; None where it has none."""
    o = dict(options)
    common = {"lr": RATE, "weight_decay": o["weight_decay"]}
    betas = (o.get("beta1"), o.get("beta2"))
    optim = torch.optim
    makers: dict[str, Callable[[Any], Any]] = {
        "gd": lambda p: optim.SGD(p, **common),
        "heavy-ball": lambda p: optim.SGD(p, **common, momentum=o["momentum"]),
        "nesterov": lambda p: optim.SGD(p, **common, momentum=o["momentum"], nesterov=True),
        "rmsprop": lambda p: optim.RMSprop(p, **common, alpha=o["beta2"], eps=o["epsilon"]),
        "adagrad": lambda p: optim.Adagrad(
            p, **common, eps=o["epsilon"], initial_accumulator_value=o["initial_accumulator"]
        ),
        "adadelta": lambda p: optim.Adadelta(p, **common, rho=o["beta2"], eps=o["epsilon"]),
        "adam": lambda p: optim.Adam(p, **common, betas=betas, eps=o["epsilon"]),
        "adamw": lambda p: optim.AdamW(p, **common, betas=betas, eps=o["epsilon"]),
        "amsgrad": lambda p: optim.Adam(p, **common, betas=betas, eps=o["epsilon"], amsgrad=True),
        "nadam": lambda p: optim.NAdam(
            p, **common, betas=betas, eps=o["epsilon"], momentum_decay=o["momentum_decay"]
        ),
        "adafactor": lambda p: optim.Adafactor(
            p, **common, beta2_decay=-o["decay_rate"], d=o["clip"]
        ),
    }
    corrected = o.get("bias_correction", True)
    differs = (
        o["name"] not in makers
        or (o["name"] == "rmsprop") == corrected
        and o["name"] in ("rmsprop", "adam", "amsgrad", "nadam")
        or (o["name"] == "nadam" and o["momentum_decay"] == 0)
        or (o["name"] == "adafactor" and not o["relative_step"])
    )
    if differs:
        return None
    parameters: list[Any] = []
    made: list[Any] = []

    def update(w: np.ndarray, gradient: np.ndarray) -> np.ndarray:
        if not made:
            parameters.extend(
                torch.nn.Parameter(torch.tensor(array)) for array in arrays(w, network)
            )
            made.append(makers[o["name"]](parameters))
        for parameter, array in zip(parameters, arrays(gradient, network), strict=True):
            parameter.grad = torch.tensor(array)
        made[0].step()
        return np.concatenate([parameter.detach().numpy().ravel() for parameter in parameters])

    return update


def test_pytorchs_optimizers(trained: Trained):
    torch = pytest.importorskip("torch")
    torch.set_default_dtype(torch.float64)  # NAdam keeps its product of momenta in this precision.
    compared = set()
    for options, weights in trained.runs:
        update = torch_update(torch, options, trained.network)
        if update is not None:
            close(weights, trained.train(update), options)
            compared.add(options["name"])
    assert len(compared) == 11
