"""Waiting for a sweep under way."""

import time
from collections.abc import Callable
from pathlib import Path


def events(directory: Path) -> str:
    """What the sweep in the directory has logged so far."""
    path = directory / "events.jsonl"
    return path.read_text() if path.exists() else ""


def wait_for(condition: Callable[[], object], seconds: float = 60) -> None:
    """Waits until something holds."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not come to pass"
        time.sleep(0.02)
