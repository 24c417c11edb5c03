"""What a calibration report is made of, as one plain container."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

if TYPE_CHECKING:
    from assb.report.fits import DataFit

_FIT_VARIABLES = ("current", "measured", "map", "without_correction", "lower", "upper", "segment", "scored")


@dataclass(frozen=True, kw_only=True, eq=False)
class ReportData:
    """Everything the report and its figures show.

    Residuals are measured minus model throughout. A number that was not computed is ``None``, NaN or left
    out: it is shown as a dash, and a figure that needs it says so.

    Parameters
    ----------
    title, subtitle : str
        Heading of the page and the line under it.
    summary : list of str
        Plain sentences: what the data say, and what they cannot tell.
    created : str
        When the report was made, as text.
    fit : xarray.Dataset
        The first time series; empty without one.
        Dimension ``row``, coordinate ``time`` [s]. Variables ``current`` [A], ``measured`` [V], ``map`` [V]
        (best fit), ``without_correction`` [V] (same parameters, open-circuit correction zero; may be NaN),
        ``lower`` and ``upper`` [V] (90 % posterior-predictive band; all NaN when nothing was sampled),
        ``segment`` (str) and ``scored`` (bool).
    trajectory : xarray.Dataset
        Empty without a time series.
        Dimension ``time`` [s], dense. ``Voltage [V]``, ``Open-circuit voltage [V]``, the variables listed in
        ``attrs["overpotentials"]`` [V] (signed: they add up to voltage minus open-circuit voltage),
        ``Stack pressure [MPa]``, ``Positive electrode contact fraction``, optionally the variables listed in
        ``attrs["pressure_contributions"]`` [MPa] and ``dP/dQ [MPa.mA-1.h-1]``.
    parameters : list of dict
        One row a parameter: ``name``, ``label``, ``unit``, ``map``, ``sd``, ``q05``, ``q50``, ``q95``,
        ``prior`` (text), ``prior_source`` (text), ``transform`` (``"log"`` draws the decimal logarithm),
        ``distance_to_bound`` (fraction), ``shrinkage`` (posterior sd over prior sd), and optionally
        ``prior_q05``, ``prior_q50``, ``prior_q95`` (in the parameter's unit), which place the posterior
        against the prior, and ``scope`` (text): all data, one data set, one cell, a population.
    identifiability : dict
        ``names``; ``singular_values``; ``vectors`` (row k: k-th right singular vector of the prior-scaled
        Jacobian, in prior sd); ``correlation``; ``combinations``: dicts ``text``,
        ``singular_value``, ``seen``, of several data sets ``data``: data set to share. Optionally ``shrinkage``,
        ``before`` (the same at the start values, before any fit) and ``posterior_correlation`` (of the draws).
        Empty when not computed.
    metrics : dict
        As :func:`fit_metrics` returns.
    datasets : list of DataFit
        Every data set. Where there is more than one time series of voltages to show, each gets a section.
    ties : list of str
        Tied parameters in words.
    posterior : xarray.Dataset, optional
        Dimensions ``(chain, draw)``, one variable a parameter in physical units (attributes ``units``,
        ``label``) and ``log_likelihood``. None when nothing was sampled.
    prior_samples : xarray.Dataset, optional
        Draws of the prior under the same names, dimensions ``(draw,)`` or ``(chain, draw)``.
    sampling : dict, optional
        ``ess_min``, ``tau_max``, ``steps``, ``walkers``, ``steps_over_tau``, ``rhat_max``, ``acceptance``,
        ``n_failed``, ``status``, optionally ``autocorrelation``: ``{"step": [...], "tau": {name: [...]}}``.
    timing : dict
        Seconds by stage.
    citations : list of str
        How to cite what was used.
    versions : dict
        Versions of the software used.
    data_sha256 : str
        Hash of the data.
    seed : int
        Seed of the random numbers.
    config_text : str
        The configuration, TOML.
    """

    title: str
    fit: xr.Dataset
    trajectory: xr.Dataset
    parameters: list[dict[str, Any]]
    metrics: dict[str, Any]
    subtitle: str = ""
    summary: list[str] = field(default_factory=list)
    created: str = ""
    identifiability: dict[str, Any] = field(default_factory=dict)
    datasets: list[DataFit] = field(default_factory=list)
    ties: list[str] = field(default_factory=list)
    posterior: xr.Dataset | None = None
    prior_samples: xr.Dataset | None = None
    sampling: dict[str, Any] | None = None
    timing: dict[str, float] = field(default_factory=dict)
    citations: list[str] = field(default_factory=list)
    versions: dict[str, str] = field(default_factory=dict)
    data_sha256: str = ""
    seed: int | None = None
    config_text: str = ""

    def __post_init__(self) -> None:
        """Refuse data the figures could not be drawn from, naming what is missing."""
        if not self.fit.data_vars and self.datasets:
            return
        missing = [name for name in ("time", *_FIT_VARIABLES) if name not in self.fit]
        if missing:
            raise ValueError(f"ReportData.fit lacks {missing}; it needs 'time' and {list(_FIT_VARIABLES)}")
        wanted = [
            "Voltage [V]",
            "Open-circuit voltage [V]",
            *self.trajectory.attrs.get("overpotentials", ()),
            *self.trajectory.attrs.get("pressure_contributions", ()),
        ]
        absent = [name for name in wanted if name not in self.trajectory]
        if absent:
            raise ValueError(f"ReportData.trajectory lacks {absent}")

    @property
    def sampled(self) -> bool:
        """Whether there is a posterior to draw."""
        return self.posterior is not None and self.posterior.sizes.get("draw", 0) > 1

    @property
    def has_series(self) -> bool:
        """Whether there is a time series."""
        return bool(self.fit.data_vars)

    @property
    def detailed(self) -> bool:
        """Whether data sets have sections of their own: unless there is just one record of a voltage."""
        return len(self.datasets) > 1 or any(
            each.kind != "series" or each.has_pressure for each in self.datasets
        )

    @property
    def has_band(self) -> bool:
        """Whether the posterior-predictive band has any finite value."""
        if not self.has_series:
            return False
        finite = np.isfinite(self.fit["lower"].values) & np.isfinite(self.fit["upper"].values)
        return bool(finite.any())

    @property
    def scored(self) -> np.ndarray:
        """Rows that count: scored, and finite in both measurement and model."""
        finite = np.isfinite(self.fit["measured"].values) & np.isfinite(self.fit["map"].values)
        return self.fit["scored"].values.astype(bool) & finite

    @property
    def residual_mV(self) -> np.ndarray:
        """Measured minus best fit [mV], every row."""
        return 1e3 * (self.fit["measured"].values - self.fit["map"].values)


def fit_metrics(fit: xr.Dataset) -> dict[str, Any]:
    """Error measures of a fit, over the scored rows.

    Parameters
    ----------
    fit : xarray.Dataset
        See :class:`ReportData`.

    Returns
    -------
    dict
        ``rmse_mV``, ``mae_mV``, ``rmse_without_correction_mV``, ``max_correction_mV``, ``coverage_90``
        (fraction), ``segments`` (name to ``rmse_mV``, ``mae_mV``, ``n``, ``worst_time_s``,
        ``worst_residual_mV``) and ``worst_row`` (``time_s``, ``residual_mV``, ``segment``). What cannot be
        computed is None.
    """
    time = np.asarray(fit["time"].values, dtype=float)
    measured, model, bare, lower, upper = (
        np.asarray(fit[name].values, dtype=float)
        for name in ("measured", "map", "without_correction", "lower", "upper")
    )
    segment = np.array([str(name) for name in fit["segment"].values])
    residual = 1e3 * (measured - model)
    rows = fit["scored"].values.astype(bool) & np.isfinite(residual)
    band = rows & np.isfinite(lower) & np.isfinite(upper)
    inside = (measured >= lower) & (measured <= upper)
    correction = 1e3 * np.abs(model - bare)

    def part(mask: np.ndarray) -> dict[str, Any]:
        worst = int(np.flatnonzero(mask)[np.argmax(np.abs(residual[mask]))])
        return {
            "rmse_mV": float(np.sqrt(np.mean(residual[mask] ** 2))),
            "mae_mV": float(np.mean(np.abs(residual[mask]))),
            "n": int(mask.sum()),
            "worst_time_s": float(time[worst]),
            "worst_residual_mV": float(residual[worst]),
        }

    whole = part(rows) if rows.any() else {}
    segments = {name: part(rows & (segment == name)) for name in dict.fromkeys(segment[rows].tolist())}
    worst = max(segments, key=lambda name: abs(segments[name]["worst_residual_mV"]), default=None)
    bare_rows = rows & np.isfinite(bare)
    return {
        "rmse_mV": whole.get("rmse_mV"),
        "mae_mV": whole.get("mae_mV"),
        "rmse_without_correction_mV": (
            float(1e3 * np.sqrt(np.mean((measured - bare)[bare_rows] ** 2))) if bare_rows.any() else None
        ),
        "max_correction_mV": float(correction[bare_rows].max()) if bare_rows.any() else None,
        "coverage_90": float(inside[band].mean()) if band.any() else None,
        "segments": segments,
        "worst_row": {
            "time_s": whole["worst_time_s"],
            "residual_mV": whole["worst_residual_mV"],
            "segment": worst,
        }
        if whole
        else {},
    }
