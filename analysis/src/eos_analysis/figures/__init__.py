"""The figures, one module each: a function from the runs' traces to a drawing."""

from eos_analysis.figures.batch_sizes import batch_sizes_figure
from eos_analysis.figures.drawing import Drawing, FigureError
from eos_analysis.figures.flows import flows_figure
from eos_analysis.figures.heatmap import heatmap_figure
from eos_analysis.figures.plateaus import plateaus_figure
from eos_analysis.figures.ratio import ratio_figure
from eos_analysis.figures.raw_sharpness import raw_sharpness_figure
from eos_analysis.figures.seeds import seeds_figure
from eos_analysis.figures.sharpening import sharpening_figure
from eos_analysis.figures.standard import standard_figure

FIGURES = {
    "standard": standard_figure,
    "ratio": ratio_figure,
    "plateaus": plateaus_figure,
    "sharpening": sharpening_figure,
    "raw-sharpness": raw_sharpness_figure,
    "batch-sizes": batch_sizes_figure,
    "heatmap": heatmap_figure,
    "seeds": seeds_figure,
    "flows": flows_figure,
}
"""Every figure by the name of its files. One raises FigureError where it does not fit a sweep."""

__all__ = ["FIGURES", "Drawing", "FigureError"]
