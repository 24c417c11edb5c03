"""What a calibration says: fit and band of every data set, trajectory, parameters, identifiability."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

import numpy as np
import pybamm
import xarray as xr

from assb.fitting.dataset import Dataset
from assb.fitting.estimate import Estimate
from assb.fitting.fits import CORRECTION, data_fits
from assb.fitting.identifiable import identifiability_of
from assb.fitting.posterior import Posterior
from assb.fitting.problem import Problem
from assb.fitting.scopes import scopes, ties
from assb.fitting.sentences import summary
from assb.fitting.simulators import impose_protocol
from assb.report import DataFit, ReportData, fit_metrics

TRAJECTORY_POINTS = 600
#: Error measures of voltages where none were measured.
NO_VOLTAGE: dict[str, Any] = {
    "rmse_mV": None,
    "mae_mV": None,
    "rmse_without_correction_mV": None,
    "max_correction_mV": None,
    "coverage_90": None,
    "segments": {},
    "worst_row": {},
}
CONTRIBUTIONS = (
    "Pressure contribution: positive electrode [MPa]",
    "Pressure contribution: negative electrode [MPa]",
    "Pressure contribution: solid electrolyte [MPa]",
)
CITATIONS = ("Sulzer2021", "Andersson2019", "ForemanMackey2013", "Doyle1993", "NewmanTobias1962", "Chen2020")


def trajectory(problem: Problem, values: pybamm.ParameterValues) -> xr.Dataset:
    """Dense simulation of the first time series: voltage, its breakdown, pressure, contact."""
    model = problem.model
    simulation, stops = impose_protocol(model, values, problem.data)
    # The stops lie to either side of each switch: with them, jumps look like jumps.
    times = np.unique(np.concatenate([np.linspace(0, stops[-1], TRAJECTORY_POINTS), stops]))
    times = times[(times >= 0) & (times <= stops[-1])]
    solution = simulation.solve(stops, t_interp=times)
    overpotentials = list(model.overpotentials)
    contributions = (
        [] if problem.model.options["stack pressure"] == "constant pressure" else list(CONTRIBUTIONS)
    )
    names = {
        "Voltage [V]": "Voltage [V]",
        "Open-circuit voltage [V]": "Open-circuit voltage [V]",
        **{name: name for name in [*overpotentials, *contributions]},
        "Stack pressure [MPa]": "Stack pressure [MPa]",
        "Positive electrode contact fraction": "X-averaged positive electrode contact fraction",
        "Positive electrode stoichiometry": "X-averaged positive electrode stoichiometry",
        "Positive electrode Thiele number": "Positive electrode Thiele number",
    }
    known = model.variables
    data = {
        label: ("time", np.asarray(solution[name](times), dtype=float), {"units": _unit(label)})
        for label, name in names.items()
        if name in known
    }
    shown = [name for name in overpotentials if np.abs(data[name][1]).max() > 1e-5]
    attrs = {"overpotentials": shown, "pressure_contributions": contributions}
    dataset = xr.Dataset(data, coords={"time": ("time", times, {"units": "s"})}, attrs=attrs)
    charge = np.asarray(solution["Discharge capacity [A.h]"](times)) * 1e3
    current = np.asarray(solution["Current [A]"](times))
    with np.errstate(divide="ignore", invalid="ignore"):
        slope = np.gradient(dataset["Stack pressure [MPa]"].values) / np.gradient(charge)
    # A central difference across a switch, or at rest, is no slope.
    steady = np.r_[False, (current[2:] == current[1:-1]) & (current[1:-1] == current[:-2]), False]
    slope[~steady | (np.abs(current) < 1e-12)] = np.nan
    dataset["dP/dQ [MPa.mA-1.h-1]"] = ("time", slope, {"units": "MPa.mA-1.h-1"})
    return dataset


def largest_correction(problem: Problem, values: pybamm.ParameterValues, dataset: xr.Dataset) -> float | None:
    """Largest open-circuit correction [V] over the stoichiometries that the cell visits."""
    from assb.parameters.materials.layered_oxides import CORRECTION_TERMS, correction

    if not any(CORRECTION in name for name in problem.names):
        return None
    coefficients = [
        float(values.get(f"Positive electrode OCP correction {k} [V]", 0.0)) for k in range(CORRECTION_TERMS)
    ]
    y = dataset["Positive electrode stoichiometry"].values
    visited = np.linspace(y.min(), y.max(), 200)
    return float(np.abs(correction(visited, coefficients)).max())


def first_series(problem: Problem) -> str | None:
    """Name of the first time series, if there is one."""
    names = [each.name for each in problem.datasets if isinstance(each, Dataset)]
    return names[0] if names else None


def all_voltages(fits: Sequence[DataFit]) -> xr.Dataset:
    """Rows of all time series, one after the other, with the data set before the name of the segment."""
    series = [each for each in fits if each.kind == "series"]
    if len(series) == 1:
        return series[0].fit
    parts = []
    for each in series:
        named = np.array([f"{each.name}: {segment}" for segment in each.fit["segment"].values])
        kept = each.fit.drop_vars([name for name in each.fit.data_vars if str(name).startswith("pressure_")])
        parts.append(kept.assign(segment=("row", named)))
    return xr.concat(parts, dim="row", combine_attrs="drop") if parts else xr.Dataset()


def joint_hash(fits: Sequence[DataFit]) -> str:
    """Hash of the data: that of one, or that of the hashes of several."""
    if len(fits) == 1:
        return fits[0].sha256
    return hashlib.sha256("".join(each.sha256 for each in fits).encode()).hexdigest()


def report_data(
    config: Any,
    text: str,
    problem: Problem,
    estimate: Estimate,
    posterior: Posterior | None,
    timing: dict[str, float],
    versions: dict[str, str],
    created: str,
    draws: int = 2000,
) -> ReportData:
    """Everything the report shows."""
    from assb.parameters.sources import reference

    fits = data_fits(problem, estimate, posterior, draws, config.seed)
    first = first_series(problem)
    dense, metrics = xr.Dataset(), fit_metrics(all_voltages(fits)) if first else dict(NO_VOLTAGE)
    if first is not None:
        values = estimate.to_parameter_values(problem, first)
        dense = trajectory(problem, values)
        largest = largest_correction(problem, values, dense)
        metrics["max_correction_mV"] = None if largest is None else 1e3 * largest
        if largest is None:
            metrics["rmse_without_correction_mV"] = None
    sampling = None if posterior is None else dict(posterior.sampling_)
    if sampling is not None and sampling["status"] == "done":
        sampling["status"] = "converged"
    rng = np.random.default_rng([config.seed, 3])
    prior_samples = xr.Dataset(
        {name: ("draw", prior.draw(rng, 2000)) for name, prior in problem.all_priors.items()}
    )
    owners = scopes(problem)
    return ReportData(
        title=config.title,
        subtitle=f"{config.model.name}, {', '.join(each.name for each in fits)}",
        summary=summary(problem, estimate, metrics, dense, fits),
        created=created,
        fit=next((each.fit for each in fits if each.name == first), xr.Dataset()),
        trajectory=dense,
        datasets=fits,
        posterior=None if posterior is None else posterior.dataset_.drop_vars("log_posterior"),
        prior_samples=prior_samples,
        parameters=[_row(problem, estimate, posterior, name, owner) for name, owner in owners.items()],
        ties=ties(problem),
        identifiability=identifiability_content(problem, estimate, posterior),
        metrics=metrics,
        sampling=sampling,
        timing=timing,
        citations=[reference(key) for key in CITATIONS],
        versions=versions,
        data_sha256=joint_hash(fits),
        seed=config.seed,
        config_text=text,
    )


def identifiability_content(
    problem: Problem, estimate: Estimate, posterior: Posterior | None
) -> dict[str, Any]:
    """Identifiability after the fit, with that before it at the start values and, after sampling, the correlation
    of the draws.
    """
    content = estimate.identifiability_.to_dict()
    try:
        before = identifiability_of(problem)
        content["before"] = {
            "singular_values": before.singular_values.tolist(),
            "shrinkage": before.shrinkage,
            "combinations": before.combinations(),
        }
    except ValueError:
        # The start itself cannot be simulated: there is nothing to say about it.
        content["before"] = None
    if posterior is not None:
        draws = np.stack([posterior.dataset_[name].values.ravel() for name in problem.names], axis=-1)
        matrix = np.atleast_2d(np.corrcoef(problem.to_coordinates(draws), rowvar=False))
        content["posterior_correlation"] = np.nan_to_num(matrix).tolist()
    return content


def _row(
    problem: Problem, estimate: Estimate, posterior: Posterior | None, name: str, scope: str
) -> dict[str, Any]:
    prior = problem.all_priors[name]
    low, middle, high = (float(prior.to_value(z)) for z in (-1.645, 0.0, 1.645))
    row = {
        "name": name,
        "label": _label(name),
        "unit": problem.units[name],
        "scope": scope,
        "map": estimate.parameters_[name],
        "sd": estimate.sd_.get(name),
        "prior": str(prior),
        "prior_source": prior.source,
        "transform": "log" if prior.kind == "log-normal" else "linear",
        "distance_to_bound": prior.distance_to_bound(estimate.parameters_[name]),
        "shrinkage": estimate.identifiability_.shrinkage.get(name),
        "prior_q05": max(low, prior.lower),
        "prior_q50": middle,
        "prior_q95": min(high, prior.upper),
    }
    if posterior is not None:
        samples = posterior.dataset_[name].values
        row["q05"], row["q50"], row["q95"] = (float(q) for q in np.quantile(samples, (0.05, 0.5, 0.95)))
        row["sd"] = float(samples.std(ddof=1))
        row["shrinkage"] = float(prior.to_coordinate(samples).std(ddof=1))
    return row


def _label(name: str) -> str:
    """Short label: the name without its unit."""
    return name.rsplit(" [", 1)[0]


def _unit(name: str) -> str:
    from assb.parameters.entry import unit

    return unit(name)
