"""The figures, one module each: a function from the runs' traces to a drawing."""

from eos_analysis.figures.drawing import Drawing
from eos_analysis.figures.ratio import ratio_figure
from eos_analysis.figures.standard import standard_figure

FIGURES = {"standard": standard_figure, "ratio": ratio_figure}
"""Every figure by the name of its files."""

__all__ = ["FIGURES", "Drawing", "ratio_figure", "standard_figure"]
