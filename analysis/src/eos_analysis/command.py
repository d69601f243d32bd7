"""The command line: ``eos-analysis figures sweep.h5 -o DIR``."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from eos_analysis.figures import FIGURES
from eos_analysis.sweep import SweepFileError, load
from eos_analysis.writing import write_figures


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command; returns 0, or 2 when the input cannot be used."""
    options = _parser().parse_args(arguments)
    try:
        for path in write_figures(load(options.sweep), options.output, options.only):
            print(path)
    except (SweepFileError, OSError) as error:
        print(f"eos-analysis: {error}", file=sys.stderr)
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="eos-analysis", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    figures = commands.add_parser("figures", help="draw figures as PNG and PDF, their data as CSV")
    figures.add_argument("sweep", type=Path, help="merged file, shard, or sweep directory")
    figures.add_argument("-o", "--output", type=Path, required=True, metavar="DIR")
    figures.add_argument(
        "--only",
        nargs="+",
        choices=FIGURES,
        metavar="NAME",
        help=f"which figures to draw: {', '.join(FIGURES)} (default: all that fit the sweep)",
    )
    return parser
