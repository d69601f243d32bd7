"""Numbers in figures: on axes, in titles and legends."""

from math import log10

from matplotlib.axes import Axes
from matplotlib.ticker import (
    LogFormatterSciNotation,
    LogLocator,
    MaxNLocator,
    NullFormatter,
    NullLocator,
    ScalarFormatter,
)

SMALLEST, LARGEST = 1e-300, 1e300
"""The numbers that an axis can end at."""


def tex(value: float) -> str:
    """A number in TeX: 0.02, 10^{-3}, 3 \\times 10^{-4}."""
    if value == 0 or 1e-2 <= abs(value) < 1e4:
        return f"{value:.4g}"
    mantissa, exponent = f"{value:.2e}".split("e")
    power = f"10^{{{int(exponent)}}}"
    mantissa = mantissa.rstrip("0").rstrip(".")
    return power if mantissa == "1" else rf"{mantissa}\times {power}"


class PlainNumbers(ScalarFormatter):
    """Plain numbers at the ticks, and a power of ten at the end of the axis where they need one."""

    def __init__(self) -> None:
        """Powers of ten below 10^-3 and from 10^5 on."""
        super().__init__(useMathText=False)
        self.set_powerlimits((-3, 4))

    def get_offset(self) -> str:
        """The power of ten at the end of the axis."""
        power = super().get_offset()
        return rf"$\times 10^{{{power[2:]}}}$" if power.startswith("1e") else power


def use_plain_scale(axes: Axes) -> None:
    """At most four numbers along y."""
    axes.yaxis.set_major_locator(MaxNLocator(4))
    axes.yaxis.set_major_formatter(PlainNumbers())


def use_log_scale(axes: Axes, low: float, high: float, numbers: bool = True) -> None:
    """Powers of ten along y; numbers between them where there is one power at most."""
    axes.set_yscale("log")
    axes.set_ylim(max(low, SMALLEST), min(high, LARGEST))
    axes.yaxis.set_major_locator(LogLocator(numticks=6))
    decades = log10(axes.get_ylim()[1]) - log10(axes.get_ylim()[0])
    if not numbers or decades > 8:
        axes.yaxis.set_minor_locator(NullLocator())
    if not numbers:
        axes.yaxis.set_major_formatter(NullFormatter())
        return
    between = LogFormatterSciNotation(labelOnlyBase=False, minor_thresholds=(1, 0.4))
    axes.yaxis.set_minor_formatter(between)
    axes.tick_params(axis="y", which="minor", labelsize=6.5)


def bounded(low: float, high: float) -> tuple[float, float]:
    """Ends of an axis that lie apart and can be drawn."""
    low, high = max(low, -LARGEST), min(high, LARGEST)
    return (low, high) if low < high else (low - abs(low) - 1, high + abs(high) + 1)
