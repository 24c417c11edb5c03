"""Equivalent circuits: what a fit without physics reaches with as many numbers.

``Z(w) = R_0 + sum_k R_k / (1 + (i w tau_k)**a_k) + A_W / sqrt(i w)``: a resistance, arcs with ideal
capacitors (a = 1) or constant-phase elements, and a Warburg element. A model of a cell that fits no
better than the circuit with its number of parameters is not disproved, but the record gives it no credit
for its physics either.

Sources
-------
K. S. Cole, R. H. Cole, J. Chem. Phys. 1941, 9, 341, doi 10.1063/1.1750906 (depressed arcs).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import least_squares

from assb.fitting.spectrum import Spectrum

__all__ = ["Circuit", "fit_circuit"]

#: Smallest exponent of a constant-phase element.
FLATTEST = 0.2


@dataclass(frozen=True)
class Circuit:
    """Result of :func:`fit_circuit`.

    Attributes
    ----------
    resistance : float
        In series [Ohm].
    arcs : ndarray, shape (arcs, 3)
        Resistance [Ohm], relaxation time [s] and exponent, by relaxation time.
    warburg : float
        Coefficient [Ohm.s-0.5]; 0 without the element.
    count : int
        Numbers that were fitted.
    rms : float
        Root mean square of |dZ|/|Z|.
    """

    resistance: float
    arcs: NDArray[np.float64]
    warburg: float
    count: int
    rms: float

    def impedance(self, frequency: NDArray) -> NDArray[np.complex128]:
        """Impedance [Ohm] at `frequency` [Hz]."""
        s = 2j * np.pi * np.asarray(frequency, dtype=float)
        z = np.asarray(self.resistance + self.warburg / np.sqrt(s), dtype=complex)
        for resistance, tau, exponent in self.arcs:
            z = z + resistance / (1 + (s * tau) ** exponent)
        return z


def fit_circuit(
    spectrum: Spectrum,
    arcs: int = 4,
    *,
    exponents: bool = False,
    warburg: bool = True,
    starts: int = 30,
    seed: int = 0,
) -> Circuit:
    """Best circuit of several random starts, least squares relative to |Z|.

    Parameters
    ----------
    spectrum : Spectrum
    arcs : int
        Number of arcs.
    exponents : bool
        Fit an exponent for each arc; ideal capacitors otherwise.
    warburg : bool
        With a Warburg element.
    starts, seed : int
        Random starts, and their seed.

    Returns
    -------
    Circuit

    Raises
    ------
    ValueError
        For no arc or no start, or more numbers than the spectrum has.
    """
    width = 3 if exponents else 2
    count = 1 + arcs * width + warburg
    if arcs < 1 or starts < 1:
        raise ValueError(f"arcs = {arcs!r}, starts = {starts!r}: use at least 1 of each")
    if count > 2 * len(spectrum.frequency):
        raise ValueError(
            f"{spectrum.name}: {count} numbers for {len(spectrum.frequency)} frequencies: use fewer arcs"
        )
    rng = np.random.default_rng(seed)
    f, z = spectrum.frequency, spectrum.impedance
    size = np.log(np.abs(z).max())
    times = -np.log(2 * np.pi * f.max()), -np.log(2 * np.pi * f.min())
    decade = np.log(10.0)
    arc_low = [size - 6 * decade, times[0] - decade, FLATTEST][:width]
    arc_high = [size + 2 * decade, times[1] + 2 * decade, 1.0][:width]
    low = np.array([size - 6 * decade, *arc_low * arcs, *([size - 8 * decade] if warburg else [])])
    high = np.array([size + decade, *arc_high * arcs, *([size + decade] if warburg else [])])

    def circuit(p: NDArray, rms: float = 0.0) -> Circuit:
        rows = np.ones((arcs, 3))
        rows[:, :width] = p[1 : 1 + arcs * width].reshape(arcs, width)
        rows[:, :2] = np.exp(rows[:, :2])
        rows = rows[np.argsort(rows[:, 1])]
        return Circuit(float(np.exp(p[0])), rows, float(np.exp(p[-1])) if warburg else 0.0, count, rms)

    def residuals(p: NDArray) -> NDArray:
        relative = (circuit(p).impedance(f) - z) / np.abs(z)
        return np.concatenate([relative.real, relative.imag])

    best = None
    for _ in range(starts):
        p = [np.log(z.real.min())]
        for tau in np.sort(rng.uniform(*times, arcs)):
            p += [size - rng.uniform(0, 2 * decade), tau, 0.8][:width]
        p += [size - 2 * decade] if warburg else []
        found = least_squares(
            residuals, np.clip(p, low + 1e-9, high - 1e-9), bounds=(low, high), max_nfev=300
        )
        if best is None or found.cost < best.cost:
            best = found
    assert best is not None
    return circuit(best.x, float(np.sqrt(2 * best.cost / len(f))))
