"""Does a spectrum obey the Kramers-Kronig relations? The linear test.

A chain of R||C elements obeys them by construction::

    Z(w) = R_0 + i w L + 1/(i w C) + sum_k R_k / (1 + i w tau_k)

With relaxation times even on a logarithmic axis between the ends of the record, the resistances follow
from linear least squares. What is left over is noise, drift or nonlinearity: a floor that no linear,
stationary model can beat but by fitting noise. The number of elements grows until they begin to cancel
each other, which tells that they fit noise.

Sources
-------
M. Schoenleber, D. Klotz, E. Ivers-Tiffee, Electrochim. Acta 2014, 131, 20,
doi 10.1016/j.electacta.2014.01.034.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assb.fitting.spectrum import Spectrum

__all__ = ["KramersKronig", "lin_kk"]

#: Least share of positive resistances, 1 - sum |R_k < 0| / sum |R_k >= 0|, of a chain that fits no noise.
CUT = 0.85


@dataclass(frozen=True)
class KramersKronig:
    """Result of :func:`lin_kk`.

    Attributes
    ----------
    fitted : ndarray of complex, shape (n,)
        Impedance of the chain [Ohm].
    residuals : ndarray of complex, shape (n,)
        Measured minus fitted over the measured magnitude.
    elements : int
        R||C elements in the chain.
    mu : float
        1 for resistances of one sign, towards 0 as they cancel.
    """

    fitted: NDArray[np.complex128]
    residuals: NDArray[np.complex128]
    elements: int
    mu: float

    @property
    def rms(self) -> float:
        """Root of the mean of |residual|**2."""
        return float(np.sqrt(np.mean(np.abs(self.residuals) ** 2)))

    def __repr__(self) -> str:
        return (
            f"KramersKronig({self.elements} elements, mu {self.mu:.2f}: residual {100 * self.rms:.2f} % rms)"
        )


def lin_kk(
    spectrum: Spectrum,
    *,
    inductance: bool = True,
    capacitance: bool = False,
    cut: float = CUT,
    most: int = 50,
) -> KramersKronig:
    """Linear Kramers-Kronig test of one spectrum.

    Parameters
    ----------
    spectrum : Spectrum
    inductance, capacitance : bool, optional
        Elements in series: leads at high frequency; a cell that blocks or stores charge at low frequency.
    cut : float, optional
        The chain grows until `mu` is at most this.
    most : int, optional
        Largest number of elements.

    Returns
    -------
    KramersKronig

    Raises
    ------
    ValueError
        For fewer than five frequencies, or a `cut` or `most` that makes no sense.
    """
    if len(spectrum.frequency) < 5:
        raise ValueError(
            f"{spectrum.name}: {len(spectrum.frequency)} frequencies: the test needs at least five of them"
        )
    if not 0 < cut < 1:
        raise ValueError(f"cut = {cut!r}: use a number between 0 and 1, such as {CUT}")
    if most < 3:
        raise ValueError(f"most = {most!r}: use at least 3 elements")
    # Two real numbers a frequency; the chain may not interpolate.
    limit = min(most, 2 * len(spectrum.frequency) - 4)
    for elements in range(3, limit + 1):
        found = _chain(spectrum, elements, inductance, capacitance)
        if found.mu <= cut:
            break
    return found


def _chain(spectrum: Spectrum, elements: int, inductance: bool, capacitance: bool) -> KramersKronig:
    omega, z = 2 * np.pi * spectrum.frequency, spectrum.impedance
    tau = np.geomspace(1 / omega.max(), 1 / omega.min(), elements)
    columns = [np.ones_like(z), *(1 / (1 + 1j * omega * t) for t in tau)]
    if inductance:
        columns.append(1j * omega / omega.max())
    if capacitance:
        columns.append(omega.min() / (1j * omega))
    matrix = np.stack(columns, axis=1) / np.abs(z)[:, None]
    target = z / np.abs(z)
    stacked = np.concatenate([matrix.real, matrix.imag])
    values = np.linalg.lstsq(stacked, np.concatenate([target.real, target.imag]), rcond=None)[0]
    resistances = values[1 : 1 + elements]
    positive = resistances[resistances >= 0].sum()
    negative = -resistances[resistances < 0].sum()
    fitted = (matrix @ values) * np.abs(z)
    return KramersKronig(
        fitted,
        (z - fitted) / np.abs(z),
        elements,
        float(1 - negative / positive) if positive > 0 else 0.0,
    )
