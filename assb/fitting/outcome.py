"""What a calibration says: fit, trajectory, predictive band, plain sentences."""

from __future__ import annotations

from typing import Any

import numpy as np
import pybamm
import xarray as xr

from assb.fitting.estimate import Estimate
from assb.fitting.posterior import Posterior
from assb.fitting.problem import Problem
from assb.fitting.simulators import impose_protocol
from assb.report import ReportData, fit_metrics

TRAJECTORY_POINTS = 600
CORRECTION = "OCP correction"
CONTRIBUTIONS = (
    "Pressure contribution: positive electrode [MPa]",
    "Pressure contribution: negative electrode [MPa]",
    "Pressure contribution: solid electrolyte [MPa]",
)
CITATIONS = ("Sulzer2021", "Andersson2019", "ForemanMackey2013", "Doyle1993", "NewmanTobias1962", "Chen2020")


def fit_dataset(
    problem: Problem, estimate: Estimate, posterior: Posterior | None, draws: int, seed: int
) -> xr.Dataset:
    """Measured and simulated voltages by row, with the 90 % posterior-predictive band.

    The band is that of a new record: parameter draws, each with a draw of the noise.
    """
    data, n = problem.data, len(problem.names)
    bare = estimate.z_[:n].copy()
    for k, name in enumerate(problem.names):
        if CORRECTION in name:
            bare[k] = problem.priors[name].to_coordinate(0.0)
    without = (
        problem.voltages(bare)[0] if any(CORRECTION in name for name in problem.names) else estimate.voltages_
    )
    lower = upper = np.full(len(data.time), np.nan)
    if posterior is not None:
        rng = np.random.default_rng([seed, 2])
        values = posterior.values(rng, draws)
        voltages = problem.voltages(problem.to_coordinates(values))
        channel = problem.observations[0].channels[0]
        sizes = problem.sizes(channel, values[:, n:])
        noise = np.stack([problem.noise.draw(rng, data.time, data.block, spread) for spread in sizes])
        lower, upper = np.nanquantile(voltages + noise, (0.05, 0.95), axis=0)
    volts = {"units": "V"}
    return xr.Dataset(
        {
            "current": ("row", data.current, {"units": "A"}),
            "measured": ("row", data.voltage, volts),
            "map": ("row", estimate.voltages_, volts),
            "without_correction": ("row", without, volts),
            "lower": ("row", lower, volts),
            "upper": ("row", upper, volts),
            "segment": ("row", data.segment.astype(str)),
            "scored": ("row", data.scored),
        },
        coords={"time": ("row", data.time, {"units": "s"})},
        attrs={"data_sha256": data.sha256, "name": data.name},
    )


def trajectory(problem: Problem, values: pybamm.ParameterValues) -> xr.Dataset:
    """Dense simulation at the estimate: voltage, its breakdown, pressure, contact."""
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


def largest_correction(problem: Problem, estimate: Estimate, dataset: xr.Dataset) -> float | None:
    """Largest open-circuit correction [V] over the stoichiometries that the cell visits."""
    from assb.parameters.materials.layered_oxides import CORRECTION_TERMS, correction

    coefficients = [
        estimate.parameters_.get(name, float(problem.parameter_values.get(name, 0.0)))
        for name in (f"Positive electrode OCP correction {k} [V]" for k in range(CORRECTION_TERMS))
    ]
    if not any(CORRECTION in name for name in problem.names):
        return None
    y = dataset["Positive electrode stoichiometry"].values
    visited = np.linspace(y.min(), y.max(), 200)
    return float(np.abs(correction(visited, coefficients)).max())


def summary(problem: Problem, estimate: Estimate, metrics: dict[str, Any], dataset: xr.Dataset) -> list[str]:
    """Plain sentences: how good the fit is, and what this record cannot tell."""
    seen = estimate.identifiability_
    unseen = [row for row in seen.combinations() if not row["seen"]]
    lines = [
        f"{len(problem.names)} model parameters reproduce {int(problem.data.scored.sum())} rows within"
        f" {metrics['rmse_mV']:.1f} mV rms; the worst row is {abs(metrics['worst_row']['residual_mV']):.0f} mV off,"
        f" at {metrics['worst_row']['time_s']:.0f} s ({metrics['worst_row']['segment']})."
    ]
    if metrics.get("max_correction_mV") is not None:
        lines.append(
            f"The open-circuit correction reaches {metrics['max_correction_mV']:.0f} mV; with it set to zero and"
            f" nothing refitted the error is {metrics['rmse_without_correction_mV']:.0f} mV rms."
        )
    if unseen:
        words = "; ".join(row["text"] for row in unseen)
        lines.append(f"The record adds nothing to the prior on: {words}.")
    series = [name for name in problem.names if "resistance" in name or "conductivity" in name]
    if len(series) > 1:
        lines.append(
            "One cycle at one current sees only the sum of the series resistances: interface, contact, space charge,"
            " network and separator act alike. Their split here comes from the priors; an impedance spectrum, a second"
            " pressure or a second thickness would separate them."
        )
    if any("stripping" in name for name in problem.names):
        lines.append(
            "The rise of resistance towards the end of discharge is written as stripping of the In-Li foil. An"
            " exchange current that vanishes near full lithiation of the cathode would do the same: a two-electrode"
            " cell cannot tell them apart; a reference electrode or a symmetric In-Li cell would."
        )
    if (
        "Positive electrode Thiele number" in dataset
        and float(dataset["Positive electrode Thiele number"].max()) > 2.5
    ):
        lines.append(
            "The Thiele number of the cathode exceeds 2.5: the single-particle model loses accuracy there; repeat"
            " with the DFN."
        )
    lines.append(
        "Stack pressure and contact fraction were not measured: what is shown follows from the parameter set, whose"
        " mechanical values are assumptions."
    )
    return lines


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

    fit = fit_dataset(problem, estimate, posterior, draws, config.seed)
    dense = trajectory(problem, estimate.to_parameter_values(problem))
    metrics = fit_metrics(fit)
    largest = largest_correction(problem, estimate, dense)
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
    return ReportData(
        title=config.title,
        subtitle=f"{config.model.name}, {problem.data.name}",
        summary=summary(problem, estimate, metrics, dense),
        created=created,
        fit=fit,
        trajectory=dense,
        posterior=None if posterior is None else posterior.dataset_.drop_vars("log_posterior"),
        prior_samples=prior_samples,
        parameters=[_row(problem, estimate, posterior, name) for name in problem.all_names],
        identifiability=estimate.identifiability_.to_dict(),
        metrics=metrics,
        sampling=sampling,
        timing=timing,
        citations=[reference(key) for key in CITATIONS],
        versions=versions,
        data_sha256=problem.data.sha256,
        seed=config.seed,
        config_text=text,
    )


def _row(problem: Problem, estimate: Estimate, posterior: Posterior | None, name: str) -> dict[str, Any]:
    prior = problem.all_priors[name]
    low, middle, high = (float(prior.to_value(z)) for z in (-1.645, 0.0, 1.645))
    row = {
        "name": name,
        "label": _label(name),
        "unit": problem.units[name],
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
