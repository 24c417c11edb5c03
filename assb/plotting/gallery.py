"""Every figure of a calibration by name, and writing them to files."""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from assb.files import write_atomic
from assb.plotting.chains import autocorrelation, trace
from assb.plotting.corner import corner
from assb.plotting.data_fits import detail_figures
from assb.plotting.identifiability import identifiability_heatmap
from assb.plotting.intervals import prior_posterior
from assb.plotting.overpotentials import overpotential_breakdown
from assb.plotting.predictive import posterior_predictive
from assb.plotting.pressure import mechanical_panels, pressure_and_contact
from assb.plotting.style import DPI
from assb.plotting.voltage_fit import voltage_fit

if TYPE_CHECKING:
    from matplotlib.figure import Figure

    from assb.report.data import ReportData

#: Name to figure function, in the order of the report.
FIGURES: dict[str, Callable[[ReportData], Figure]] = {
    "voltage_fit": voltage_fit,
    "overpotential_breakdown": overpotential_breakdown,
    "pressure_and_contact": pressure_and_contact,
    "prior_posterior": prior_posterior,
    "identifiability_heatmap": identifiability_heatmap,
    "trace": trace,
    "autocorrelation": autocorrelation,
    "corner": corner,
    "posterior_predictive": posterior_predictive,
}

_NEED_SAMPLES = {"trace", "corner"}


def available(data: ReportData) -> list[str]:
    """Names of the figures there are data for, in the order of the report."""
    absent = set() if data.sampled else set(_NEED_SAMPLES)
    if not data.has_band:
        absent.add("posterior_predictive")
    if not data.identifiability:
        absent.add("identifiability_heatmap")
    if len(((data.sampling or {}).get("autocorrelation") or {}).get("step", ())) < 2:
        absent.add("autocorrelation")
    if not data.has_series:
        absent |= {"voltage_fit", "overpotential_breakdown"}
    if not mechanical_panels(data):
        absent.add("pressure_and_contact")
    return [name for name in FIGURES if name not in absent]


def build_figures(data: ReportData) -> dict[str, Figure]:
    """Build every figure there are data for.

    Parameters
    ----------
    data : ReportData
        What to draw.

    Returns
    -------
    dict
        Name to :class:`matplotlib.figure.Figure`, in the order of the report.
    """
    built = {name: FIGURES[name](data) for name in available(data)}
    return built | {name: draw() for name, (_, draw) in detail_figures(data).items()}


def save_figures(
    folder: str | os.PathLike[str], data: ReportData, figures: Mapping[str, Figure] | None = None
) -> dict[str, Path]:
    """Write ``folder/<name>.png`` for every figure there are data for, each atomically.

    Parameters
    ----------
    folder : path-like
        Folder of the files; made if missing.
    data : ReportData
        What to draw.
    figures : Mapping, optional
        Figures already built; the others are built here.

    Returns
    -------
    dict
        Name to the path written.
    """
    ready = dict(figures or {})
    details = detail_figures(data)
    own = [*available(data), *details]
    written = {}
    Path(folder).mkdir(parents=True, exist_ok=True)
    for name in [*own, *(name for name in ready if name not in FIGURES and name not in details)]:
        fig = ready.get(name) or (details[name][1]() if name in details else FIGURES[name](data))
        stream = io.BytesIO()
        fig.savefig(stream, format="png", dpi=DPI)
        written[name] = write_atomic(Path(folder) / f"{name}.png", _writer(stream.getvalue()))
    return written


def _writer(content: bytes) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        path.write_bytes(content)

    return write
