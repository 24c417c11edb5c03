"""A made-up calibration of the right shape: one slow cycle of a small solid-state cell, twelve parameters."""

from __future__ import annotations

from typing import Any

import numpy as np
import xarray as xr

from assb.report.data import ReportData, fit_metrics

OVERPOTENTIALS = {
    "Diffusion overpotential [V]": (0.018, 0.6),
    "Charge-transfer overpotential [V]": (0.024, 0.1),
    "Interface resistance overpotential [V]": (0.012, 0.0),
    "Ionic network overpotential [V]": (0.015, 0.1),
    "Electronic network overpotential [V]": (0.002, 0.0),
    "Separator overpotential [V]": (0.008, 0.0),
    "Negative electrode stripping overpotential [V]": (-0.004, 0.9),
    "Negative electrode kinetic overpotential [V]": (0.009, 0.0),
}

# name, label, unit, centre, prior decades or sd, shrinkage, logarithmic
PARAMETERS = [
    ("Positive particle diffusivity [m2.s-1]", "Particle diffusivity", "m2.s-1", 1.3e-15, 1.0, 0.12, True),
    ("Positive exchange-current density [A.m-2]", "Exchange-current density", "A.m-2", 0.6, 0.7, 0.55, True),
    ("Interface resistance [Ohm.m2]", "Interface resistance", "Ohm.m2", 2.1e-3, 0.5, 0.8, True),
    ("Ionic tortuosity", "Ionic tortuosity factor", "", 3.1, 0.8, 0.62, False),
    (
        "Electronic conductivity [S.m-1]",
        "Electronic conductivity of the composite",
        "S.m-1",
        1.1,
        0.6,
        0.97,
        True,
    ),
    ("Separator conductivity [S.m-1]", "Separator conductivity", "S.m-1", 0.24, 0.05, 0.71, False),
    ("Initial stoichiometry", "Initial stoichiometry", "", 0.921, 0.02, 0.06, False),
    ("Positive capacity [A.h]", "Positive electrode capacity", "mA.h", 2.37, 0.1, 0.09, False),
    ("Contact pressure [MPa]", "Pressure of half contact", "MPa", 6.2, 0.3, 1.0, True),
    ("Partial molar volume [cm3.mol-1]", "Partial molar volume change", "cm3.mol-1", -0.42, 0.2, 0.98, False),
    (
        "Negative rate constant [A.m-2]",
        "Negative electrode exchange-current density",
        "A.m-2",
        11.0,
        0.5,
        0.66,
        True,
    ),
    ("noise [mV]", "Noise standard deviation", "mV", 2.3, 0.4, 0.1, True),
]


def make_report_data(
    *,
    sampled: bool = True,
    correction: bool = True,
    mechanics: bool = True,
    identifiability: bool = True,
    chains: int = 32,
    draws: int = 250,
    seed: int = 7,
    **changes: Any,
) -> ReportData:
    """Make the data; ``changes`` replace fields."""
    rng = np.random.default_rng(seed)
    trajectory = _trajectory(mechanics)
    fit = _fit(trajectory, rng, sampled=sampled, correction=correction)
    n = len(PARAMETERS)
    mixing = rng.normal(size=(n, n)) * 0.25 + np.eye(n)
    mixing /= np.linalg.norm(mixing, axis=1, keepdims=True)
    posterior = _posterior(rng, mixing, chains, draws) if sampled else None
    fields: dict[str, Any] = {
        "title": "Calibration of NCM811 | Li6PS5Cl | InLi",
        "subtitle": "One charge and discharge at 0.1C, 30 °C, 50 MPa; doubly distributed model",
        "summary": [
            "The model follows the measured cycle to 2.3 mV with an open-circuit correction of at most 9 mV.",
            "The cycle fixes the particle diffusivity, the capacity and the initial stoichiometry.",
            "One cycle at one rate cannot tell the electronic conductivity or the pressure of half contact "
            "from what was assumed; a second rate and a second pressure would.",
        ],
        "created": "2026-01-15 10:32 UTC",
        "fit": fit,
        "trajectory": trajectory,
        "metrics": fit_metrics(fit),
        "parameters": _rows(posterior),
        "posterior": posterior,
        "prior_samples": _prior(rng) if sampled else None,
        "identifiability": _identifiability(rng) if identifiability else {},
        "sampling": _sampling() if sampled else None,
        "timing": {"compile": 4.2, "calibrate": 21.7, "sample": 412.0 if sampled else 0.0, "report": 6.3},
        "citations": ["Author, A. and Author, B. A paper on solid-state cells. A Journal 1 (2025) 1–10."],
        "versions": {"assb": "0.1.0", "pybamm": "26.10.0", "numpy": "2.4.6", "python": "3.11.9"},
        "data_sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        "seed": 20260115,
        "config_text": '[model]\nname = "DFN"\n\n[sampling]\nwalkers = 64\nsteps = 8000\n',
    }
    return ReportData(**(fields | changes))


def _trajectory(mechanics: bool) -> xr.Dataset:
    charge, rest, discharge, last = 34_000.0, 3_600.0, 31_000.0, 7_200.0
    time = np.unique(
        np.r_[np.linspace(0, charge + rest + discharge + last, 580), charge + np.arange(0, 300, 15)]
    )
    edges = np.cumsum([charge, rest, discharge, last])
    current = np.select([time <= edges[0], time <= edges[1], time <= edges[2]], [0.24e-3, 0.0, -0.24e-3], 0.0)
    soc = np.interp(time, [0, *edges], [0.05, 0.95, 0.95, 0.12, 0.12])
    ocv = (
        2.98
        + 0.55 * soc
        + 0.08 * np.tanh((soc - 0.55) * 9)
        + 0.09 * np.tanh((soc - 1.02) * 14)
        + 0.1 * np.tanh(soc * 18)
    )
    values: dict[str, Any] = {"Open-circuit voltage [V]": ("time", ocv)}
    total = np.zeros_like(time)
    for name, (size, growth) in OVERPOTENTIALS.items():
        target = size * (1 + growth * np.abs(soc - 0.5)) * current / 0.24e-3
        relax = np.empty_like(target)
        relax[0] = 0.0
        tau = 1800.0 if name.startswith("Diffusion") else 8.0
        for k in range(1, len(time)):
            gain = 1 - np.exp(-(time[k] - time[k - 1]) / tau)
            relax[k] = relax[k - 1] + gain * (target[k] - relax[k - 1])
        values[name] = ("time", relax)
        total += relax
    values["Voltage [V]"] = ("time", ocv + total)
    attrs: dict[str, Any] = {"overpotentials": list(OVERPOTENTIALS)}
    if mechanics:
        positive, negative = -0.9 * soc**1.3, 2.6 * soc
        values["Stack pressure [MPa]"] = ("time", 50 + positive + negative)
        values["Positive electrode contact fraction"] = ("time", 0.86 - 0.05 * soc)
        values["Pressure contribution: positive electrode [MPa]"] = ("time", positive)
        values["Pressure contribution: negative electrode [MPa]"] = ("time", negative)
        slope = np.gradient(positive + negative, time) / np.where(current == 0, np.nan, current * 1e3 / 3600)
        values["dP/dQ [MPa.mA-1.h-1]"] = ("time", slope)
        attrs["pressure_contributions"] = [
            name for name in values if name.startswith("Pressure contribution")
        ]
    data = xr.Dataset(values, coords={"time": time}, attrs=attrs)
    data["current"] = ("time", current)
    return data


def _fit(trajectory: xr.Dataset, rng: np.random.Generator, *, sampled: bool, correction: bool) -> xr.Dataset:
    time = np.unique(np.r_[np.linspace(0, 75_800, 190), 34_000 + np.geomspace(10, 3_000, 12)])
    edges = np.cumsum([34_000.0, 3_600.0, 31_000.0])
    segment = np.select([time <= e for e in edges], ["charge", "rest", "discharge"], "last rest")
    model = np.interp(time, trajectory["time"], trajectory["Voltage [V]"])
    measured = model + rng.normal(0, 1.6e-3, time.size) + 1.5e-3 * np.sin(time / 5000)
    measured[np.searchsorted(time, 67_500)] -= 9e-3
    width = 3.4e-3 * (1 + 0.6 * np.abs(np.sin(time / 21_000)))
    nothing = np.full(time.size, np.nan)
    return xr.Dataset(
        {
            "current": ("row", np.interp(time, trajectory["time"], trajectory["current"])),
            "measured": ("row", measured),
            "map": ("row", model),
            "without_correction": ("row", model + 9e-3 * np.sin(time / 9_000) if correction else nothing),
            "lower": ("row", model - width if sampled else nothing),
            "upper": ("row", model + width if sampled else nothing),
            "segment": ("row", segment),
            "scored": ("row", time > 0),
        },
        coords={"time": ("row", time)},
    )


def _draw(unit_normal: np.ndarray, centre: float, sd: float, logarithmic: bool) -> np.ndarray:
    return centre * 10 ** (sd * unit_normal) if logarithmic else centre + sd * unit_normal


def _posterior(rng: np.random.Generator, mixing: np.ndarray, chains: int, draws: int) -> xr.Dataset:
    noise = rng.normal(size=(chains, draws, len(PARAMETERS)))
    for k in range(1, draws):
        noise[:, k] = 0.6 * noise[:, k - 1] + 0.8 * noise[:, k]
    normal = noise @ mixing.T
    normal[..., 1] += 0.25 * normal[..., 2] ** 2
    values: dict[str, Any] = {}
    for k, (name, label, unit, centre, sd, shrinkage, logarithmic) in enumerate(PARAMETERS):
        attrs = {"units": unit, "label": label}
        values[name] = (("chain", "draw"), _draw(normal[..., k], centre, sd * shrinkage, logarithmic), attrs)
    values["log_likelihood"] = (("chain", "draw"), 812 - 0.5 * (noise**2).sum(axis=-1))
    return xr.Dataset(values, coords={"chain": np.arange(chains), "draw": 40 * np.arange(draws)})


def _prior(rng: np.random.Generator) -> xr.Dataset:
    return xr.Dataset(
        {
            name: ("draw", _draw(rng.normal(0.3, 1, 2000), centre, sd, logarithmic))
            for name, _, _, centre, sd, _, logarithmic in PARAMETERS
        }
    )


def _rows(posterior: xr.Dataset | None) -> list[dict[str, Any]]:
    rows = []
    for k, (name, label, unit, centre, sd, shrinkage, logarithmic) in enumerate(PARAMETERS):
        prior = _draw(np.array([-1.345, 0.3, 1.945]), centre, sd, logarithmic)
        row: dict[str, Any] = {
            "name": name,
            "label": label,
            "unit": unit,
            "map": centre,
            "sd": abs(centre) * sd * shrinkage * 2.3 if logarithmic else sd * shrinkage,
            "q05": None,
            "q50": None,
            "q95": None,
            "prior": f"log-normal({centre:.1e}, factor {10**sd:.1f})"
            if logarithmic
            else f"normal({centre}, {sd})",
            "prior_source": "measured on pressed pellets" if k % 3 else "assumed, wide",
            "transform": "log" if logarithmic else "identity",
            "distance_to_bound": 0.02 if k == 8 else 0.45,
            "shrinkage": shrinkage,
            "prior_q05": prior[0],
            "prior_q50": prior[1],
            "prior_q95": prior[2],
        }
        if posterior is not None:
            row |= zip(("q05", "q50", "q95"), np.quantile(posterior[name], [0.05, 0.5, 0.95]), strict=True)
        rows.append(row)
    return rows


def _identifiability(rng: np.random.Generator) -> dict[str, Any]:
    n = len(PARAMETERS)
    basis, _ = np.linalg.qr(rng.normal(size=(n, n)) * np.geomspace(1, 0.05, n) + 1.2 * np.eye(n))
    values = np.geomspace(220.0, 2e-4, n)
    loading = rng.normal(size=(n, n)) * 0.4 + np.eye(n)
    covariance = loading @ loading.T
    scale = np.sqrt(np.diag(covariance))
    seen = [
        {
            "text": "0.97 Initial stoichiometry − 0.21 Positive electrode capacity",
            "singular_value": values[0],
        },
        {"text": "0.88 Particle diffusivity + 0.41 Interface resistance", "singular_value": values[3]},
        {"text": "0.99 Pressure of half contact", "singular_value": values[-1]},
    ]
    return {
        "names": [p[0] for p in PARAMETERS],
        "singular_values": values.tolist(),
        "vectors": basis.T.tolist(),
        "correlation": (covariance / np.outer(scale, scale)).tolist(),
        "combinations": [item | {"seen": item["singular_value"] >= 1} for item in seen],
    }


def _sampling() -> dict[str, Any]:
    steps = np.arange(500, 8001, 500)
    tau = {p[0]: (90 + 9 * k) * (1 - np.exp(-steps / 1500)) for k, p in enumerate(PARAMETERS)}
    return {
        "ess_min": 1843.0,
        "tau_max": 189.0,
        "steps": 8000,
        "walkers": 64,
        "steps_over_tau": 42.3,
        "rhat_max": 1.012,
        "acceptance": 0.27,
        "n_failed": 3,
        "status": "not converged: 42 autocorrelation times, 50 wanted",
        "autocorrelation": {
            "step": steps.tolist(),
            "tau": {name: curve.tolist() for name, curve in tau.items()},
        },
    }
