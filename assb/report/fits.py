"""One data set of a calibration as the report shows it, and how well it is met."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import xarray as xr

from assb.report.data import fit_metrics

__all__ = ["DataFit"]


@dataclass(frozen=True, kw_only=True, eq=False)
class DataFit:
    """Measured and fitted rows of one data set.

    Parameters
    ----------
    name : str
        Of the data set.
    kind : {"series", "spectrum", "table"}
    fit : xarray.Dataset
        Dimension ``row``. Of a time series as in :class:`ReportData`, and where pressure was recorded
        ``pressure_measured``, ``pressure_map``, ``pressure_lower``, ``pressure_upper`` [MPa]. Of a spectrum the
        coordinate ``frequency`` [Hz] and ``measured``, ``map``, ``lower``, ``upper`` [Ohm] with the endings
        ``_real`` and ``_imaginary``. Of a table ``measured``, ``map``, ``scale``, ``lower``, ``upper``, and its
        ``quantity`` as attribute. Bands are NaN when nothing was sampled.
    cell : str
        The cell measured.
    settings, shifts : mapping
        Conditions of this data set.
    sha256 : str
        Hash of the data.
    """

    name: str
    kind: str
    fit: xr.Dataset
    cell: str = ""
    settings: Mapping[str, float] = field(default_factory=dict)
    shifts: Mapping[str, float] = field(default_factory=dict)
    sha256: str = ""

    @property
    def slug(self) -> str:
        """Name for files and anchors."""
        return re.sub(r"[^A-Za-z0-9]+", "_", self.name).strip("_").lower() or "data"

    @property
    def has_pressure(self) -> bool:
        """Whether a time series has a recorded pressure."""
        return "pressure_measured" in self.fit

    @property
    def metrics(self) -> dict[str, Any]:
        """How well the data set is met: ``kind``, ``rows``, ``rmse``, ``mae``, ``worst``, ``unit``, ``coverage_90``,
        ``sha256``, its conditions, and of a time series its ``segments`` and ``pressure``.
        """
        found = {"kind": self.kind, **_MEASURES[self.kind](self.fit), "sha256": self.sha256}
        if self.cell:
            found["cell"] = self.cell
        for key in ("settings", "shifts"):
            if getattr(self, key):
                found[key] = dict(getattr(self, key))
        return found


def _measure(residual: np.ndarray, inside: np.ndarray | None, unit: str) -> dict[str, Any]:
    """Numbers of rows that count; `residual` in `unit`."""
    if not residual.size:
        return {"rows": 0, "rmse": None, "mae": None, "worst": None, "unit": unit, "coverage_90": None}
    return {
        "rows": int(residual.size),
        "rmse": float(np.sqrt(np.mean(np.abs(residual) ** 2))),
        "mae": float(np.mean(np.abs(residual))),
        "worst": float(np.max(np.abs(residual))),
        "unit": unit,
        "coverage_90": None if inside is None else float(inside.mean()),
    }


def _inside(measured: np.ndarray, lower: np.ndarray, upper: np.ndarray) -> np.ndarray | None:
    known = np.isfinite(lower) & np.isfinite(upper)
    return ((measured >= lower) & (measured <= upper))[known] if known.any() else None


def _series(fit: xr.Dataset) -> dict[str, Any]:
    whole = fit_metrics(fit)
    rows = fit["scored"].values.astype(bool)
    residual = 1e3 * (fit["measured"] - fit["map"]).values[rows]
    found = _measure(residual[np.isfinite(residual)], None, "mV")
    found |= {"coverage_90": whole["coverage_90"], "segments": whole["segments"]}
    if "pressure_measured" in fit:
        measured, lower, upper, model = (
            fit[f"pressure_{key}"].values[rows] for key in ("measured", "lower", "upper", "map")
        )
        found["pressure"] = _measure(measured - model, _inside(measured, lower, upper), "MPa")
    return found


def _spectrum(fit: xr.Dataset) -> dict[str, Any]:
    parts = ("real", "imaginary")
    measured, model = (
        fit[f"{key}_real"].values + 1j * fit[f"{key}_imaginary"].values for key in ("measured", "map")
    )
    inside = [
        _inside(*(fit[f"{key}_{part}"].values for key in ("measured", "lower", "upper"))) for part in parts
    ]
    flat = np.concatenate([each for each in inside if each is not None]) if inside[0] is not None else None
    return _measure(100 * (measured - model) / np.abs(measured), flat, "% of |Z|")


def _table(fit: xr.Dataset) -> dict[str, Any]:
    measured, lower, upper = (fit[key].values for key in ("measured", "lower", "upper"))
    residual = measured - fit["map"].values
    found = _measure(residual, _inside(measured, lower, upper), str(fit.attrs.get("unit", "")))
    found["rmse_over_scale"] = float(np.sqrt(np.mean((residual / fit["scale"].values) ** 2)))
    return found


_MEASURES = {"series": _series, "spectrum": _spectrum, "table": _table}
