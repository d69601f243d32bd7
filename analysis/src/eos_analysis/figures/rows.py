"""Which runs stand together under a heading."""

from collections.abc import Callable

from eos_analysis.traces import Trace


def rows_by_heading(traces: list[Trace], named: Callable[[str], bool]) -> dict[str, list[Trace]]:
    """Runs that share the optimizer and the named settings, full batches first.

    The runs of a row differ in step size and in settings that its heading leaves out.
    """
    found: dict[str, list[Trace]] = {}
    for trace in sorted(traces, key=_order):
        found.setdefault(trace.heading(named), []).append(trace)
    return found


def _order(trace: Trace) -> tuple[object, ...]:
    known, optimizer, rate, batch, label = trace.order
    return (known, optimizer, batch, label, rate)
