"""Measured and simulated rows of every data set, with posterior-predictive bands."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr

from assb.fitting.estimate import Estimate
from assb.fitting.observations import Observation, SeriesObservation
from assb.fitting.posterior import Posterior
from assb.fitting.problem import Problem
from assb.report.fits import DataFit

__all__ = ["CORRECTION", "data_fits"]

CORRECTION = "OCP correction"
LEVELS = (0.05, 0.95)


def data_fits(
    problem: Problem, estimate: Estimate, posterior: Posterior | None, draws: int, seed: int
) -> list[DataFit]:
    """Rows of every data set at the estimate, with the 90 % posterior-predictive band.

    The band is that of a new record: parameter draws, each with a draw of the noise.
    """
    n = len(problem.names)
    without = None
    if any(CORRECTION in name for name in problem.names):
        bare = estimate.z_[:n].copy()
        for k, name in enumerate(problem.names):
            # Of a pooled correction mean and offsets vanish, whatever the spread.
            if CORRECTION in name and not name.endswith("population spread in prior sd"):
                bare[k] = problem.priors[name].to_coordinate(0.0)
        without = [rows[0] for rows in problem.predict(bare)]
    bands = _bands(problem, posterior, draws, seed)
    found = []
    for k, each in enumerate(problem.observations):
        best = estimate.predictions_[each.name]
        fit = _MAKERS[type(each).__name__](each, best, best if without is None else without[k], bands[k])
        data = each.data
        found.append(
            DataFit(
                name=each.name,
                kind=_KINDS[type(each).__name__],
                fit=fit.assign_attrs(data_sha256=data.sha256, name=each.name),
                cell=data.cell,
                settings=dict(data.settings),
                shifts=dict(data.shifts),
                sha256=data.sha256,
            )
        )
    return found


def _bands(problem: Problem, posterior: Posterior | None, draws: int, seed: int) -> list[np.ndarray]:
    """Lower and upper rows of each data set, shape (2, rows); NaN without a posterior."""
    if posterior is None:
        return [np.full((2, each.rows), np.nan) for each in problem.observations]
    n = len(problem.names)
    rng = np.random.default_rng([seed, 2])
    values = posterior.values(rng, draws)
    found = []
    for each, rows in zip(problem.observations, problem.predict(problem.to_coordinates(values)), strict=True):
        parts = []
        for channel, part in zip(each.channels, each.split(rows), strict=True):
            time, block = _axis(each, channel)
            sizes = problem.sizes(channel, values[:, n:])
            noise = np.stack([channel.noise.draw(rng, time, block, spread) for spread in sizes])
            parts.append(np.nanquantile(part + channel.scale * noise, LEVELS, axis=0))
        found.append(np.concatenate(parts, axis=1))
    return found


def _axis(observation: Observation, channel: Any) -> tuple[np.ndarray, np.ndarray]:
    """Time and step of all rows of a channel, those included that are not scored."""
    if isinstance(observation, SeriesObservation):
        return observation.data.time, observation.data.block
    return channel.time, channel.block


def _series(each: Observation, best: np.ndarray, bare: np.ndarray, band: np.ndarray) -> xr.Dataset:
    data = each.data
    voltage, *pressure = each.split(best)
    lower, upper = (each.split(rows) for rows in band)
    volts, megapascals = {"units": "V"}, {"units": "MPa"}
    variables: dict[str, Any] = {
        "current": ("row", data.current, {"units": "A"}),
        "measured": ("row", data.voltage, volts),
        "map": ("row", voltage, volts),
        "without_correction": ("row", each.split(bare)[0], volts),
        "lower": ("row", lower[0], volts),
        "upper": ("row", upper[0], volts),
        "segment": ("row", data.segment.astype(str)),
        "scored": ("row", data.scored),
    }
    if pressure:
        variables["pressure_measured"] = ("row", data.pressure, megapascals)
        variables["pressure_map"] = ("row", pressure[0], megapascals)
        variables["pressure_lower"] = ("row", lower[1], megapascals)
        variables["pressure_upper"] = ("row", upper[1], megapascals)
    return xr.Dataset(variables, coords={"time": ("row", data.time, {"units": "s"})})


def _spectrum(each: Observation, best: np.ndarray, bare: np.ndarray, band: np.ndarray) -> xr.Dataset:
    data, ohm = each.data, {"units": "Ohm"}
    measured = np.concatenate([data.impedance.real, data.impedance.imag])
    rows = {"measured": measured, "map": best, "lower": band[0], "upper": band[1]}
    variables = {
        f"{key}_{part}": ("row", values, ohm)
        for key, both in rows.items()
        for part, values in zip(("real", "imaginary"), np.split(both, 2), strict=True)
    }
    return xr.Dataset(variables, coords={"frequency": ("row", data.frequency, {"units": "Hz"})})


def _table(each: Observation, best: np.ndarray, bare: np.ndarray, band: np.ndarray) -> xr.Dataset:
    from assb.parameters.entry import unit

    data = each.data
    of = {"units": unit(data.quantity)}
    rows = {"measured": data.values, "map": best, "scale": data.sd, "lower": band[0], "upper": band[1]}
    made = xr.Dataset({key: ("row", np.asarray(values), of) for key, values in rows.items()})
    return made.assign_attrs(quantity=data.quantity or "Value", unit=unit(data.quantity))


_MAKERS = {"SeriesObservation": _series, "SpectrumObservation": _spectrum, "TableObservation": _table}
_KINDS = {"SeriesObservation": "series", "SpectrumObservation": "spectrum", "TableObservation": "table"}
