"""The command line: ``eos-analysis figures sweep.h5 -o DIR``."""

import argparse
import io
import logging
import os
import sys
import traceback
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import xarray as xr

from eos_analysis.errors import SweepFileError
from eos_analysis.sweep import load, runs
from eos_analysis.traces import traces

if TYPE_CHECKING:
    from eos_analysis.writing import Outcome


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs one command.

    Returns 0 when figures were drawn; 2 when there is nothing to draw, the input cannot be used or
    a figure that was asked for does not fit it; 1 after a fault of this program.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    arguments = list(sys.argv[1:] if arguments is None else arguments)
    try:
        return _figures(_parser(arguments).parse_args(arguments))
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # who read the list of files has gone
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 2
    except OSError as error:
        place = f"{error.filename}: " if error.filename else ""
        _say(f"{place}{error.strerror or error}.")
        return 2
    except SweepFileError as error:
        _say(str(error))
        return 2
    except Exception as error:
        _report("no figure could be drawn", error)
        return 1


def _say(sentence: str) -> None:
    print(f"eos-analysis: {sentence}", file=sys.stderr)


def _report(what: str, error: Exception) -> None:
    _say(f"{what}: {type(error).__name__}: {error}")
    lines = traceback.format_exception(error)
    print("This is a fault of eos-analysis. Please report it with these lines:", file=sys.stderr)
    print("".join(lines), file=sys.stderr)


def _figures(options: argparse.Namespace) -> int:
    """Lists the files on stdout as they are written, and sums up on stderr."""
    from eos_analysis.writing import each_figure

    dataset = load(options.sweep)
    drawn = traces(dataset)
    if not drawn:
        raise SweepFileError(
            f"No run of this sweep has recorded a loss yet: nothing to draw ({_states(dataset)})."
        )
    outcomes = []
    for outcome in each_figure(drawn, Path(options.output), options.only):
        outcomes.append(outcome)
        for path in outcome.files:
            print(path, flush=True)
    print(f"{len(drawn)} of {_states(dataset)} have something to draw.", file=sys.stderr)
    return _summary(outcomes, asked=options.only is not None)


def _states(dataset: xr.Dataset) -> str:
    """'6 runs: 4 finished, 2 pending'."""
    found = Counter(str(status) for status in runs(dataset)["status"])
    counts = ", ".join(f"{count} {state}" for state, count in found.most_common())
    count = dataset.sizes["run"]
    return f"{count} {'run' if count == 1 else 'runs'}" + (f" ({counts})" if counts else "")


def _summary(outcomes: "list[Outcome]", asked: bool) -> int:
    """Says what was drawn, what was not and why; returns the exit status."""
    names = ", ".join(outcome.name for outcome in outcomes if outcome.files)
    print(f"Drawn: {names or 'nothing'}.", file=sys.stderr)
    status = 0 if names else 2
    for outcome in outcomes:
        for note in outcome.notes:
            print(f"  {outcome.name}: {note}.", file=sys.stderr)
    for outcome in outcomes:
        if outcome.lacking is not None:
            print(f"Not drawn: {outcome.name}: {outcome.lacking}", file=sys.stderr)
            status = 2 if asked else status
    for outcome in outcomes:
        if outcome.fault is not None:
            _report(f"{outcome.name} could not be drawn", outcome.fault)
            status = 1
    return status


class _Parser(argparse.ArgumentParser):
    """Says how a path that begins with a dash is written, where one is among the arguments."""

    arguments: Sequence[str] = ()

    def error(self, message: str) -> NoReturn:
        dashed = [a for a in self.arguments if a.startswith("-") and os.path.dirname(a)]
        hint = f"; a path that begins with a dash is written ./{dashed[0]}" if dashed else ""
        super().error(message + hint)


def _parser(arguments: Sequence[str]) -> argparse.ArgumentParser:
    names = _figure_names()
    parser = _Parser(prog="eos-analysis", description=__doc__)
    commands = parser.add_subparsers(required=True, metavar="COMMAND", parser_class=_Parser)
    figures = commands.add_parser("figures", help="draw figures as PNG and PDF, their data as CSV")
    figures.arguments = parser.arguments = arguments
    figures.add_argument("sweep", type=_path, help="merged file, shard, or sweep directory")
    figures.add_argument("-o", "--output", type=_path, required=True, metavar="DIR")
    figures.add_argument(
        "--only",
        nargs="+",
        choices=names,
        metavar="NAME",
        help=f"which figures to draw: {', '.join(names)} (default: all that fit the sweep)",
    )
    return parser


def _path(text: str) -> str:
    if not text:
        raise argparse.ArgumentTypeError("a path is empty")
    return text


def _figure_names() -> list[str]:
    """Loads matplotlib; settings of the user's that it cannot read must not keep it from that."""
    os.environ["MPLBACKEND"] = "agg"
    logging.getLogger("matplotlib").setLevel(logging.CRITICAL)
    try:
        import matplotlib  # noqa: F401
    except Exception as error:
        raise SweepFileError(
            f"matplotlib cannot be loaded ({error}). Is there a damaged file 'matplotlibrc'?"
        ) from error
    from eos_analysis.figures import FIGURES

    return list(FIGURES)
