"""Shared look of every figure: palette, typography, helpers for axes.

Figures are plain :class:`matplotlib.figure.Figure` objects. They never touch ``pyplot``, so they need no
display and leave no global state behind. matplotlib is imported when a figure is asked for, not before.
"""

from __future__ import annotations

import functools
import textwrap
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ParamSpec

import numpy as np

if TYPE_CHECKING:
    import xarray as xr
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

P = ParamSpec("P")

INK = "#1f2a37"
MUTED = "#66727f"
GRID = "#dfe4ea"
SHADE = "#f1f4f7"
PAPER = "#fffffe"
CELL_INK = "#101418"

MEASURED = INK
MODEL = "#0072b2"
BAND = "#56b4e9"
ALTERNATIVE = "#d55e00"
PRIOR = "#aab4be"
GOOD = "#009e73"

#: Okabe and Ito's colours (https://jfly.uni-koeln.de/color/), distinguishable with any colour vision,
#: ordered so that neighbours in a stack contrast in lightness too; grey is the ninth.
CYCLE = ("#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#f0e442", "#7a6fb3", "#999999")

#: Resolution of the PNG files, dots per inch.
DPI = 150

_RC: dict[str, Any] = {
    "font.family": "DejaVu Sans",
    "font.size": 9.5,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": MUTED,
    "axes.facecolor": "none",
    "axes.linewidth": 0.8,
    "axes.labelsize": 9.5,
    "axes.titlesize": 10.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.titlepad": 7.0,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "axes.axisbelow": True,
    "axes.formatter.use_mathtext": True,
    "axes.formatter.useoffset": False,
    "axes.unicode_minus": True,
    "grid.color": GRID,
    "grid.linewidth": 0.7,
    "xtick.color": MUTED,
    "ytick.color": MUTED,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.labelsize": 8.5,
    "ytick.labelsize": 8.5,
    "xtick.major.width": 0.8,
    "ytick.major.width": 0.8,
    "legend.frameon": False,
    "legend.fontsize": 8.8,
    "legend.handlelength": 1.6,
    "lines.linewidth": 1.6,
    "lines.solid_capstyle": "round",
    "figure.facecolor": PAPER,
    "figure.edgecolor": PAPER,
    "figure.dpi": DPI,
    "savefig.dpi": DPI,
    "figure.constrained_layout.h_pad": 0.05,
    "figure.constrained_layout.w_pad": 0.06,
    "mathtext.fontset": "dejavusans",
}


def styled(build: Callable[P, Figure]) -> Callable[P, Figure]:
    """Run a figure function under the house style, leaving the caller's ``rcParams`` as they were."""

    @functools.wraps(build)
    def wrapper(*args: P.args, **kwargs: P.kwargs) -> Figure:
        import matplotlib

        with matplotlib.rc_context():
            matplotlib.rcdefaults()
            matplotlib.rcParams.update(_RC)  # type: ignore[arg-type]
            return build(*args, **kwargs)

    return wrapper


def new_figure(width: float, height: float, *, constrained: bool = True) -> Figure:
    """Make an empty figure of ``width`` by ``height`` inches."""
    from matplotlib.figure import Figure

    return Figure(figsize=(width, height), layout="constrained" if constrained else None)


@styled
def note_figure(message: str, *, width: float = 8.0, height: float = 1.6) -> Figure:
    """Say in words why there is nothing to draw.

    Parameters
    ----------
    message : str
        The sentence shown, for example that the posterior was not sampled.
    width, height : float
        Size in inches.
    """
    fig = new_figure(width, height, constrained=False)
    fig.text(0.5, 0.5, textwrap.fill(message, 84), ha="center", va="center", color=MUTED, fontsize=10.5)
    return fig


def time_axis(seconds: Any) -> tuple[np.ndarray, str, float]:
    """Choose a readable unit of time.

    Parameters
    ----------
    seconds : array_like
        Times [s].

    Returns
    -------
    values : numpy.ndarray
        Times in the chosen unit.
    label : str
        Axis label with the unit.
    scale : float
        Seconds in one unit.
    """
    values = np.asarray(seconds, dtype=float)
    finite = values[np.isfinite(values)]
    span = float(np.ptp(finite)) if finite.size else 0.0
    scale, unit = (1.0, "s") if span < 300 else (60.0, "min") if span < 7200 else (3600.0, "h")
    return values / scale, f"Time [{unit}]", scale


def segment_spans(fit: xr.Dataset) -> list[tuple[str, float, float]]:
    """Start and end [s] of each run of equal ``segment`` labels, in order, without gaps between them."""
    names = [str(name) for name in fit["segment"].values]
    times = np.asarray(fit["time"].values, dtype=float)
    starts = [i for i in range(len(names)) if i == 0 or names[i] != names[i - 1]]
    spans = []
    for start, stop in zip(starts, starts[1:] + [len(names)], strict=True):
        begin = times[start - 1] if start else times[start]
        spans.append((names[start], float(begin), float(times[stop - 1])))
    return spans


def shade_segments(
    axes: list[Axes], spans: list[tuple[str, float, float]], scale: float, *, label_on: Axes | None = None
) -> None:
    """Tint every other segment and name the segments above one panel.

    Parameters
    ----------
    axes : list of matplotlib.axes.Axes
        Panels to tint.
    spans : list of tuple
        Name, start [s] and end [s], see :func:`segment_spans`.
    scale : float
        Seconds in one unit of the time axis.
    label_on : matplotlib.axes.Axes, optional
        Panel above which the names are written.
    """
    total = spans[-1][2] - spans[0][1] if spans else 0.0
    reached = -np.inf
    for index, (name, start, stop) in enumerate(spans):
        if index % 2:
            for ax in axes:
                ax.axvspan(start / scale, stop / scale, color=SHADE, linewidth=0, zorder=0)
        centre, half = 0.5 * (start + stop), 0.0062 * (len(name) + 1) * total
        if label_on is not None and total > 0 and centre - half > reached:
            reached = centre + half
            label_on.annotate(
                name,
                (centre / scale, 1.0),
                xycoords=("data", "axes fraction"),
                xytext=(0, 4),
                textcoords="offset points",
                ha="center",
                va="bottom",
                color=MUTED,
                fontsize=8.8,
            )


def zero_line(ax: Axes) -> None:
    """Draw a thin line at zero, below the data."""
    ax.axhline(0.0, color=MUTED, linewidth=0.8, zorder=1)


def wrapped(text: str, width: int) -> str:
    """Break a label over lines of at most ``width`` characters."""
    return "\n".join(textwrap.wrap(text, width, break_long_words=False)) or text
