"""What a row of the table consists of, and how two programs are timed fairly: by turns."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

Figures = Mapping[str, float]


@dataclass(frozen=True)
class Target:
    """What a line must reach: at least, or at most, a number."""

    bound: float
    at_most: bool = False

    def is_met(self, value: float) -> bool:
        """Whether a median reaches the target."""
        return value <= self.bound if self.at_most else value >= self.bound

    def __str__(self) -> str:
        """As it stands in the table."""
        return f"at {'most' if self.at_most else 'least'} {self.bound:g}"


@dataclass(frozen=True)
class Line:
    """One line of the table: a quantity with its value in every turn."""

    what: str
    values: list[float]
    unit: str = ""
    target: Target | None = None


@dataclass
class Turns:
    """Figures of several contestants, turn by turn."""

    figures: dict[str, list[float]] = field(default_factory=dict)

    def __getitem__(self, name: str) -> list[float]:
        """A figure in every turn."""
        return self.figures[name]

    def __contains__(self, name: str) -> bool:
        """Whether there is such a figure."""
        return name in self.figures

    def ratio(self, over: str, under: str) -> list[float]:
        """The quotient of two figures in every turn."""
        return [a / b for a, b in zip(self[over], self[under], strict=True)]


def take_turns(
    count: int, contestants: Mapping[str, Callable[[], Figures]], say: Callable[[str], None]
) -> Turns:
    """Lets everyone measure once per turn, so that all see the machine in the same state.

    Figures are named by contestant and quantity: `ours gradient`.
    """
    turns = Turns()
    for turn in range(count):
        for name, measure in contestants.items():
            say(f"turn {turn + 1} of {count}: {name}")
            for quantity, value in measure().items():
                turns.figures.setdefault(f"{name} {quantity}", []).append(value)
    return turns


def seconds_per_call(budget: float, body: Callable[[], object]) -> float:
    """The mean over as many calls as fit into the budget, after one that is not counted."""
    body()
    start = time.perf_counter()
    calls = 0
    while (elapsed := time.perf_counter() - start) < budget or calls == 0:
        body()
        calls += 1
    return elapsed / calls


def seconds_of(body: Callable[[], object]) -> float:
    """How long one call takes."""
    start = time.perf_counter()
    body()
    return time.perf_counter() - start
