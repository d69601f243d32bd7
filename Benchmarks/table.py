"""The report: measured rows are kept as JSON, one file each, and printed together as Markdown."""

import json
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from turns import Line, Target


@dataclass(frozen=True)
class Measured:
    """A row with its figures, and under which circumstances they were taken."""

    lines: list[Line]
    date: str
    commit: str
    images: str
    is_quick: bool
    load: float
    minutes: float

    def write(self, path: Path) -> None:
        """Keeps the row, so that others can be measured again without it."""
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(asdict(self), indent=1))

    @classmethod
    def read(cls, path: Path) -> "Measured":
        """A row that was kept."""
        values = json.loads(path.read_text())
        for line in values["lines"]:
            line["target"] = line["target"] and Target(**line["target"])
        return cls(**(values | {"lines": [Line(**line) for line in values["lines"]]}))


def report(head: Sequence[tuple[str, str]], rows: Sequence[tuple[str, Measured]]) -> str:
    """Everything as Markdown; `rows` are titles with figures."""
    lines = [
        "# Speed, side by side with PyTorch and JAX",
        "",
        "Written by `make benchmark`; [README.md](README.md) says how, and what the lines mean.",
        "Figures are medians over turns, with the least and the greatest turn.",
        "",
        *(f"- {name}: {value}" for name, value in head),
        "",
        "| | median | least ... greatest | turns | target | met |",
        "|---|---|---|---|---|---|",
    ]
    for title, row in rows:
        lines.append(f"| **{title}** | | | | | |")
        lines += [_cells(line) for line in row.lines]
    lines += [
        "",
        "| row | measured | commit | images | load before | minutes |",
        "|---|---|---|---|---|---|",
    ]
    lines += [_circumstances(title, row) for title, row in rows]
    return "\n".join([*lines, ""])


def _cells(line: Line) -> str:
    median = statistics.median(line.values)
    spread = f"{_number(min(line.values))} ... {_number(max(line.values))}"
    target = met = ""
    if line.target is not None:
        target = f"{line.target}"
        met = "yes" if line.target.is_met(median) else "**no**"
    cells = [
        line.what,
        f"{_number(median)} {line.unit}".strip(),
        spread,
        str(len(line.values)),
        target,
        met,
    ]
    return f"| {' | '.join(cells)} |"


def _circumstances(title: str, row: Measured) -> str:
    quick = " (quick: not a measurement)" if row.is_quick else ""
    load, minutes = f"{row.load:.1f}", f"{row.minutes:.1f}"
    cells = [title + quick, row.date, row.commit, row.images, load, minutes]
    return f"| {' | '.join(cells)} |"


def _number(value: float) -> str:
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}" if value < 1 else f"{value:.2f}"
