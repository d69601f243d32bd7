"""How figures look, whatever the user's matplotlib settings are."""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import matplotlib as mpl
from matplotlib.font_manager import fontManager

INK = "#333333"

STYLE = {
    "axes.edgecolor": INK,
    "axes.formatter.useoffset": False,
    "axes.labelcolor": INK,
    "axes.labelsize": 9,
    "axes.linewidth": 0.6,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlesize": 9.5,
    "axes.titley": 1.0,
    "font.family": ["STIXGeneral", "DejaVu Sans"],
    "font.size": 9,
    "legend.fontsize": 9,
    "legend.frameon": False,
    "lines.linewidth": 0.9,
    "mathtext.fontset": "stix",
    "pdf.fonttype": 42,
    "text.color": INK,
    "xtick.color": INK,
    "xtick.labelsize": 8,
    "ytick.color": INK,
    "ytick.labelsize": 8,
}
"""What differs from matplotlib's own defaults."""

WINDOWS = ("backend", "interactive", "toolbar", "webagg", "figure.max_open", "figure.raise_window")
"""Beginnings of settings about windows on the screen: figures here never open one."""


@contextmanager
def style() -> Iterator[None]:
    """Figures made and saved inside look alike; afterwards all settings are as they were.

    ``@style()`` does so for a whole function.

    Begins from matplotlib's defaults, not from the user's settings. Remarks about letters without
    a picture in the fonts and about axes without positive values do not reach the terminal.
    """
    defaults = {k: v for k, v in mpl.rcParamsDefault.items() if not k.startswith(WINDOWS)}
    log = logging.getLogger("matplotlib")
    level = log.level
    with warnings.catch_warnings(), mpl.rc_context():
        warnings.simplefilter("ignore", UserWarning)
        warnings.simplefilter("ignore", mpl.MatplotlibDeprecationWarning)
        log.setLevel(logging.CRITICAL)
        try:
            _find_fonts()
            mpl.rcParams.update({**defaults, **STYLE})  # pyright: ignore
            yield
        finally:
            log.setLevel(level)


@cache
def _find_fonts() -> None:
    """Makes matplotlib's own fonts known where its list, a file of the user's, lacks them."""
    known = {Path(font.fname).name for font in fontManager.ttflist}
    for path in sorted(Path(mpl.get_data_path(), "fonts", "ttf").glob("*.ttf")):
        if path.name not in known and path.name.startswith(("STIX", "DejaVuSans")):
            fontManager.addfont(str(path))
