"""What the rows of the table have in common: programs, data and how long to measure."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from eos_sweep import EosSweep
from images import Images
from turns import Line


@dataclass(frozen=True)
class Setting:
    """How to measure."""

    program: EosSweep
    images: Images
    folder: Path
    turns: int
    seconds: float
    """For each quantity that is called over and over."""
    is_quick: bool
    """Little data and few steps: whether it all works, not how fast it is."""
    say: Callable[[str], None]

    @property
    def examples(self) -> int:
        """Training examples."""
        return 500 if self.is_quick else 5000

    def scaled(self, count: int) -> int:
        """A number of steps, or a tenth of it where quick."""
        return max(count // 10, 2) if self.is_quick else count


@dataclass(frozen=True)
class Row:
    """A subject of the table: some lines measured together."""

    name: str
    title: str
    minutes: float
    """What it takes about, for the estimate of what is left."""
    measure: Callable[[Setting], list[Line]]
