"""What lies in the checkout."""

import os

from program import ROOT

BUILT = {".git", ".build", ".venv", "__pycache__", ".pytest_cache", ".ruff_cache"}
"""Directories of tools, and of build products."""


def files_of_checkout() -> set[str]:
    """Every file that git, the tools and the build do not write themselves."""
    found = set()
    for folder, folders, files in os.walk(ROOT):
        folders[:] = [name for name in folders if name not in BUILT]
        found.update(f"{folder}/{name}" for name in files)
    return found
