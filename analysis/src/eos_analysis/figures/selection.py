"""What is shown where there is too much for one figure: some of it, and a note that says so."""

from collections.abc import Sequence
from typing import TypeVar

import numpy as np

Item = TypeVar("Item")

MOST_PANELS = 70
"""Panels, or pairs of panels, of a figure."""

MOST_COLUMNS = 24
"""Columns of panels: about 67 inches."""

MOST_ROWS = 16
"""Rows of panels: about 55 inches of pairs."""

SAMPLE = 10
"""Rows that stand for all, where those are more than a figure can have."""


def spread(items: Sequence[Item], most: int) -> list[Item]:
    """All items, or so many of them evenly spread from the first to the last."""
    if len(items) <= most:
        return list(items)
    return [items[i] for i in np.linspace(0, len(items) - 1, most).round().astype(int)]


def some_rows(rows: Sequence[Item]) -> list[Item]:
    """All rows, or a sample of them."""
    return spread(rows, MOST_ROWS if len(rows) <= MOST_ROWS else SAMPLE)


def columns_for(rows: int) -> int:
    """How many columns of panels a figure of so many rows can have."""
    return min(MOST_COLUMNS, max(1, MOST_PANELS // max(1, rows)))


def note(shown: int, of: int, what: str) -> list[str]:
    """'8 of 20 step sizes are shown', if not all are."""
    return [f"{shown} of {of} {what} are shown"] if shown < of else []
