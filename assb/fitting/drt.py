"""Distribution of relaxation times of an impedance spectrum.

The spectrum is read as a series resistance and a continuum of R||C elements (and, where asked for, an
inductance and a capacitance in series)::

    Z(w) = R_0 + i w L + 1/(i w C) + Int gamma(ln tau) / (1 + i w tau) d ln tau

gamma >= 0 [Ohm] is found on a grid even in ln tau by least squares with a penalty on its
curvature.

Sources
-------
T. H. Wan, M. Saccoccio, C. Chen, F. Ciucci, Electrochim. Acta 2015, 184, 483,
doi 10.1016/j.electacta.2015.09.097 (regularised distribution); G. H. Golub, M. Heath, G. Wahba,
Technometrics 1979, 21, 215, doi 10.1080/00401706.1979.10489751 (weight of the penalty); Y.-J. Kim, C. Gu,
J. R. Stat. Soc. B 2004, 66, 337, doi 10.1046/j.1369-7412.2003.05316.x (its factor against too small weights).
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import xarray as xr
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import nnls

__all__ = ["RELAXATION_WINDOWS", "relaxation_times", "resistance_between"]

Array = NDArray[np.float64]
#: Unit of the impedance -> units of inductance and capacitance.
UNITS = {"Ohm": ("H", "F"), "Ohm.cm2": ("H.cm2", "F.cm-2"), "Ohm.m2": ("H.m2", "F.m-2")}
#: Windows of relaxation times [s] by what relaxes there, in oxide | sulfide cells: M. Oh et al., ACS Energy
#: Lett. 2026, 11, 2103, Fig. 3. The last needs data below 0.01 Hz.
RELAXATION_WINDOWS: dict[str, tuple[float, float]] = {
    "contact": (1e-6, 1e-4),
    "interface": (1e-4, 1e-1),
    "negative": (1e-1, 1e1),
    "diffusion": (1e1, 1e2),
}
POINTS_PER_DECADE = 15
#: Decades of tau beyond the measured frequencies, where only a tail of an arc is seen.
MARGIN = 0.5
#: Weights of the penalty that cross-validation compares.
WEIGHTS = np.logspace(-7, 0, 29)
#: How much a degree of freedom counts in cross-validation; 1 is the plain rule, which at times fits noise.
CAUTION = 1.4
#: Peaks with a smaller share of the polarisation resistance are not reported.
SMALLEST_SHARE = 0.01
#: Valleys above this share of the lower of their two tops part no peaks.
SHALLOW = 0.9


def relaxation_times(
    frequencies: ArrayLike,
    impedance: ArrayLike,
    *,
    inductance: bool = False,
    capacitance: bool = False,
    weight: float | None = None,
    unit: str = "Ohm",
) -> xr.Dataset:
    """Distribution of relaxation times of one spectrum.

    Parameters
    ----------
    frequencies : array_like, shape (n_frequencies,)
        [Hz], in any order.
    impedance : array_like of complex, shape (n_frequencies,)
        In `unit`; the imaginary part of a capacitor is negative.
    inductance : bool, optional
        Allow an inductance in series (leads at high frequency).
    capacitance : bool, optional
        Allow a capacitance in series: a blocking cell, or one whose open-circuit voltage depends on the
        charge. Without it the diffusion tail of an insertion electrode becomes a rise of gamma at the
        largest times.
    weight : float, optional
        Weight of the penalty, relative to the squared relative residual. By generalised cross-validation
        if not given.
    unit : {"Ohm", "Ohm.cm2", "Ohm.m2"}, optional

    Returns
    -------
    xarray.Dataset
        With U the unit: "Distribution [U]", gamma over `tau` [s]; "Series resistance [U]", "Polarisation
        resistance [U]" (the area under gamma), "Inductance [..]", "Capacitance [..]" (infinite where
        none is needed); "Peak relaxation time [s]" and "Peak resistance [U]" over `peak`, in the order of
        time; "Impedance [U]" of the data and "Fitted impedance [U]" over `frequency`. Attributes
        `weight`, and `residual`, the root mean square relative to ``|Z|``.

    Raises
    ------
    ValueError
        If an argument makes no sense; the message says what to do.

    Notes
    -----
    The residuals are relative to ``|Z|``. The degrees of freedom in the cross-validation are those of
    the points where gamma is not zero. A peak reaches from one valley to the next, its time is the
    mean of ln tau over the part above half its height. An arc whose peak lies outside the measured
    frequencies, and two arcs less than about half a decade apart, cannot be told.
    """
    f, z = _checked(frequencies, impedance)
    if unit not in UNITS:
        raise ValueError(f"unit={unit!r} is not known; use one of {', '.join(UNITS)}.")
    if weight is not None and not (np.isfinite(weight) and weight > 0):
        raise ValueError(f"weight={weight!r} must be a positive number; leave it out for cross-validation.")
    omega = 2 * np.pi * f
    tau = _grid(omega)
    step = float(np.log(tau[1] / tau[0]))
    kernel = _kernel(omega, tau, step, inductance, capacitance)
    size = float(np.median(np.abs(z)))
    # Rows relative to |Z|, unknowns in units of `size`: the weight then depends on no unit and no count.
    scale = size / np.abs(z) / np.sqrt(2 * len(f))
    rows = np.concatenate([kernel.real * scale[:, None], kernel.imag * scale[:, None]])
    data = np.concatenate([z.real * scale, z.imag * scale]) / size
    columns = np.abs(rows).max(axis=0)
    columns[: len(tau)] = 1.0  # only the unpenalised unknowns have units of their own
    rows = rows / columns
    curvature = np.diff(np.eye(len(tau)), n=2, axis=0) / step**1.5
    penalty = np.hstack([curvature, np.zeros((len(curvature), rows.shape[1] - len(tau)))])
    candidates = WEIGHTS if weight is None else np.array([weight])
    solutions = [_solve(rows, data, penalty, value) for value in candidates]
    best = int(
        np.argmin(
            [_cross_validation(rows, data, penalty, *s) for s in zip(candidates, solutions, strict=True)]
        )
    )
    unknowns = solutions[best] * size / columns
    return _dataset(f, z, tau, step, kernel @ unknowns, unknowns, float(candidates[best]), unit, inductance)


def resistance_between(distribution: xr.Dataset, low: float, high: float) -> float:
    """Resistance of the relaxation times between two limits.

    Parameters
    ----------
    distribution : xarray.Dataset
        Of `relaxation_times`.
    low, high : float
        Limits [s].

    Returns
    -------
    float
        Area under the distribution, in its unit.

    Raises
    ------
    ValueError
        If the limits are not positive and in order.
    """
    if not 0 < low < high:
        raise ValueError(f"low={low!r}, high={high!r}: give two positive times [s] in ascending order.")
    gamma, tau = _gamma(distribution), distribution["tau"].values
    log = np.log(tau)
    half = 0.5 * (log[1] - log[0])
    # Each point stands for the interval around it; the limits cut intervals in parts.
    part = np.minimum(log + half, np.log(high)) - np.maximum(log - half, np.log(low))
    return float(gamma @ np.clip(part, 0.0, None))


def _gamma(distribution: xr.Dataset) -> Array:
    return np.asarray(next(v for k, v in distribution.items() if str(k).startswith("Distribution [")).values)


def _checked(frequencies: ArrayLike, impedance: ArrayLike) -> tuple[Array, NDArray[np.complex128]]:
    f, z = np.asarray(frequencies, dtype=float), np.asarray(impedance, dtype=complex)
    if f.ndim != 1 or f.shape != z.shape or len(f) < 5:
        raise ValueError(
            f"frequencies {f.shape} and impedance {z.shape}: give two lists of one length, five or more."
        )
    if not (np.isfinite(f).all() and (f > 0).all() and np.isfinite(z).all() and (np.abs(z) > 0).all()):
        raise ValueError("frequencies must be positive, impedance finite and not zero; drop other points.")
    if f.max() < 10 * f.min():
        raise ValueError("frequencies span less than a decade; relaxation times need several decades.")
    order = np.argsort(f)[::-1]
    return f[order], z[order]


def _grid(omega: Array) -> Array:
    low, high = np.log10(1 / omega.max()) - MARGIN, np.log10(1 / omega.min()) + MARGIN
    return np.logspace(low, high, int(np.ceil((high - low) * POINTS_PER_DECADE)) + 1)


def _kernel(omega: Array, tau: Array, step: float, inductance: bool, capacitance: bool) -> NDArray:
    """Impedance of a unit of each unknown: gamma at the points, R_0, then L and 1/C where allowed."""
    parts = [step / (1 + 1j * omega[:, None] * tau), np.ones((len(omega), 1), dtype=complex)]
    if inductance:
        parts.append(1j * omega[:, None])
    if capacitance:
        parts.append(1 / (1j * omega[:, None]))
    return np.hstack(parts)


def _solve(rows: Array, data: Array, penalty: Array, weight: float) -> Array:
    matrix = np.concatenate([rows, weight * penalty])
    right = np.concatenate([data, np.zeros(len(penalty))])
    return np.asarray(nnls(matrix, right, maxiter=20 * matrix.shape[1])[0])


def _cross_validation(rows: Array, data: Array, penalty: Array, weight: float, solution: Array) -> float:
    """Score of a weight, on the unknowns that are not held at zero."""
    free = solution > 0
    inside, outside = rows[:, free], weight * penalty[:, free]
    freedom = np.trace(np.linalg.pinv(inside.T @ inside + outside.T @ outside) @ (inside.T @ inside))
    residual = float(np.sum((rows @ solution - data) ** 2))
    return residual / max(len(data) - CAUTION * freedom, 1e-6) ** 2


def _peaks(tau: Array, gamma: Array, step: float) -> tuple[Array, Array]:
    """Times and areas of the peaks of gamma."""
    total = gamma.sum()
    padded = np.concatenate([[-np.inf], gamma, [-np.inf]])
    found = np.flatnonzero((padded[1:-1] > padded[:-2]) & (padded[1:-1] >= padded[2:]) & (gamma > 0))
    tops: list[int] = []
    for top in found.tolist():
        # Two tops with hardly a valley between them are one peak.
        if tops and gamma[tops[-1] : top].min() > SHALLOW * min(gamma[tops[-1]], gamma[top]):
            top = max(tops.pop(), top, key=lambda i: gamma[i])
        tops.append(top)
    valleys = [0, *(a + int(np.argmin(gamma[a:b])) for a, b in pairwise(tops)), len(gamma)]
    times, areas = [], []
    for top, start, stop in zip(tops, valleys, valleys[1:], strict=False):
        share = gamma[start:stop]
        if share.sum() < SMALLEST_SHARE * total:
            continue
        high = np.where(share >= 0.5 * gamma[top], share, 0.0)
        times.append(np.exp(high @ np.log(tau[start:stop]) / high.sum()))
        areas.append(share.sum() * step)
    return np.array(times), np.array(areas)


def _dataset(
    f: Array,
    z: NDArray,
    tau: Array,
    step: float,
    fitted: NDArray,
    unknowns: Array,
    weight: float,
    unit: str,
    inductance: bool,
) -> xr.Dataset:
    gamma, rest = unknowns[: len(tau)], unknowns[len(tau) :]
    times, areas = _peaks(tau, gamma, step)
    henry, farad = UNITS[unit]
    last = rest[-1] if len(rest) == 2 + inductance else 0.0
    own: dict[str, Any] = {"units": unit}
    data = {
        f"Distribution [{unit}]": ("tau", gamma, own),
        f"Series resistance [{unit}]": ((), rest[0], own),
        f"Polarisation resistance [{unit}]": ((), gamma.sum() * step, own),
        f"Inductance [{henry}]": ((), rest[1] if inductance else 0.0, {"units": henry}),
        f"Capacitance [{farad}]": ((), 1 / last if last > 0 else np.inf, {"units": farad}),
        "Peak relaxation time [s]": ("peak", times, {"units": "s"}),
        f"Peak resistance [{unit}]": ("peak", areas, own),
        f"Impedance [{unit}]": ("frequency", z, own),
        f"Fitted impedance [{unit}]": ("frequency", fitted, own),
    }
    coordinates = {
        "tau": ("tau", tau, {"units": "s", "long_name": "Relaxation time"}),
        "frequency": ("frequency", f, {"units": "Hz"}),
        "peak": np.arange(1, len(times) + 1),
    }
    residual = float(np.sqrt(np.mean(np.abs(fitted - z) ** 2 / np.abs(z) ** 2)))
    return xr.Dataset(data, coordinates, {"weight": weight, "residual": residual, "unit": unit})
