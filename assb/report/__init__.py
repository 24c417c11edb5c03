"""The report of a calibration: one self-contained HTML page and its figures.

Fill a :class:`ReportData`, then call :func:`write_report` and, for the figures as files,
:func:`save_figures`.
"""

from assb.plotting.gallery import build_figures, save_figures
from assb.report.build import render_report, write_report
from assb.report.data import ReportData, fit_metrics
from assb.report.fits import DataFit

__all__ = [
    "DataFit",
    "ReportData",
    "build_figures",
    "fit_metrics",
    "render_report",
    "save_figures",
    "write_report",
]
