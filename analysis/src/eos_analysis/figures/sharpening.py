"""Progressive sharpening: loss over sharpness for several step sizes on each problem.

One column per data set, network and loss, colours from small to large step size, each with its own
dashed threshold, as in figure 1 of Cohen et al. 2021 (arXiv 2103.00065).
"""

from matplotlib.axes import Axes

from eos_analysis.figures.drawing import Drawing, FigureError, rate_colors, rate_legend
from eos_analysis.figures.pairs import (
    Pair,
    PairRow,
    draw_pairs,
    draw_run,
    legend_entries,
    select,
)
from eos_analysis.figures.rows import rows_by_heading
from eos_analysis.figures.style import style
from eos_analysis.figures.thresholds import draw_threshold
from eos_analysis.labels import is_problem_key
from eos_analysis.traces import Trace


@style()
def sharpening_figure(traces: list[Trace]) -> Drawing:
    """One pair of rows per optimizer, batch size, seed ...; one column per problem."""
    headed = rows_by_heading(traces, lambda key: not is_problem_key(key))
    rows = [_row(heading, own) for heading, own in headed.items()]
    rows = [row for row in rows if any(_compares(pair) for pair in row.pairs)]
    if not rows:
        raise FigureError("it compares step sizes, and no two runs differ only in theirs.")
    selection = select(rows, "problems")
    drawn = selection.traces
    colors = rate_colors(drawn)
    first = {id(row.pairs[0].traces): row for row in selection.rows}

    def draw(drawing: Drawing, loss: Axes, sharpness: Axes, pair: Pair) -> None:
        for trace in pair.traces:
            color = colors[trace.optimizer, trace.learning_rate]
            draw_run(drawing, loss, sharpness, trace, color)
            draw_threshold(sharpness, trace.threshold, None, color)
        if id(pair.traces) in first:
            rate_legend(loss, first[id(pair.traces)].traces, colors)

    return draw_pairs(selection, legend_entries(drawn, {}), draw)


def _compares(pair: Pair) -> bool:
    return len({trace.learning_rate for trace in pair.traces}) > 1


def _row(heading: str, traces: list[Trace]) -> PairRow:
    problems: dict[str, list[Trace]] = {}
    for trace in traces:
        problems.setdefault(trace.problem, []).append(trace)
    return PairRow(heading, [Pair(problem, problems[problem]) for problem in sorted(problems)])
