"""Diffusion in a sphere by a few numbers instead of a radial mesh.

Lengths are in particle radii: ``rho = r/R`` and ``x = rho**2``, in which a symmetric profile is a plain
polynomial. Stoichiometry y, diffusion rate ``D/R**2`` [s-1]. The flux q [s-1] leaves the sphere:
``-(D/R**2) dy/d(rho) = q`` at the surface, ``q = theta j/(F c_max R)``, and the mean follows ``-3 q``.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.polynomial import Polynomial
from scipy.special import jacobi, roots_jacobi


def quartic_gradient_rate(gradient: Any, diffusion: Any, flux: Any) -> Any:
    """Rate of the mean gradient of the quartic profile [s-1], ``dg/dt = -30 (D/R**2) g - 45/2 q``.

    Parameters
    ----------
    gradient : array-like or symbol
        g, the mean over the volume of ``dy/d(rho)``.
    diffusion, flux : array-like or symbol
        D/R**2 and q [s-1].

    References
    ----------
    V. R. Subramanian, V. D. Diwakar, D. Tapriyal, J. Electrochem. Soc. 2005, 152, A2002, doi
    10.1149/1.2032427, eq. 30.
    """
    return -30 * diffusion * gradient - 22.5 * flux


def quartic_surface(mean: Any, gradient: Any, slope: Any) -> Any:
    """Surface stoichiometry of the quartic profile, ``y + (8 g + s)/35``.

    Parameters
    ----------
    mean, gradient : array-like or symbol
        Mean stoichiometry and mean gradient g.
    slope : array-like or symbol
        s, the gradient ``dy/d(rho)`` at the surface, ``-q R**2/D``.

    References
    ----------
    Subramanian et al. 2005, doi 10.1149/1.2032427, eq. 31.
    """
    return mean + (8 * gradient + slope) / 35


def quartic_profile(x: Any, mean: Any, gradient: Any, surface: Any) -> Any:
    """Stoichiometry ``a + b x + c x**2`` at ``x = (r/R)**2``, of that mean, mean gradient and surface.

    References
    ----------
    Subramanian et al. 2005, doi 10.1149/1.2032427, eqs. 24 to 26.
    """
    excess = surface - mean
    constant = mean + 9.75 * excess - 3 * gradient
    return constant + (10 * gradient - 35 * excess) * x + (26.25 * excess - 7 * gradient) * x**2


@dataclass(frozen=True)
class SphereModes:
    """Polynomials in x that are orthogonal over the sphere, and the nodes at which D is evaluated.

    Mode k = 1..N is the Jacobi polynomial ``P_k^(0, 1/2)(2 x - 1)``: mean zero over the volume, one at the
    surface.

    Attributes
    ----------
    polynomials : tuple of numpy.polynomial.Polynomial, length N
        The modes in powers of x.
    nodes, weights : ndarray, shape (n,)
        Gauss nodes in x for the weight ``x**(3/2)``; the weights sum to 2/5.
    values, slopes : ndarray, shape (N, n)
        Modes and their derivatives in x at the nodes.
    """

    polynomials: tuple[Polynomial, ...]
    nodes: np.ndarray
    weights: np.ndarray
    values: np.ndarray
    slopes: np.ndarray

    @property
    def count(self) -> int:
        """Number of modes."""
        return len(self.polynomials)

    def profile(self, x: Any, mean: Any, amplitudes: list[Any]) -> Any:
        """Stoichiometry at ``x = (r/R)**2``."""
        result = mean
        for polynomial, amplitude in zip(self.polynomials, amplitudes, strict=True):
            shape: Any = 0.0
            for coefficient in polynomial.coef[::-1]:
                shape = shape * x + float(coefficient)
            result = result + amplitude * shape
        return result

    def at_nodes(self, mean: Any, amplitudes: list[Any]) -> list[Any]:
        """Stoichiometry at the nodes."""
        return [mean + _sum(column, amplitudes) for column in self.values.T]

    def rates(self, amplitudes: list[Any], diffusion: list[Any], flux: Any) -> list[Any]:
        """Rates of the amplitudes [s-1] by the Galerkin projection of Fick's law.

        ``da_k/dt = -(4 k + 3) [q + 2 Int x**(3/2) (D/R**2) dy/dx dP_k/dx dx]`` over x from 0 to 1.

        Parameters
        ----------
        amplitudes : list of N array-like or symbols
        diffusion : list of n array-like or symbols
            D/R**2 at the nodes [s-1].
        flux : array-like or symbol
            q [s-1].
        """
        slopes = [
            float(w) * d * _sum(column, amplitudes)
            for w, d, column in zip(self.weights, diffusion, self.slopes.T, strict=True)
        ]
        return [
            -(4.0 * k + 3.0) * (flux + 2.0 * _sum(row, slopes)) for k, row in enumerate(self.slopes, start=1)
        ]


def sphere_modes_for(count: int, nodes: int) -> SphereModes:
    """First `count` modes of a sphere, with `nodes` Gauss nodes for the diffusivity.

    Raises
    ------
    ValueError
        Without a mode, or when the nodes are too few for a constant diffusivity.

    References
    ----------
    J. Villadsen, M. L. Michelsen, Solution of Differential Equation Models by Polynomial Approximation,
    Prentice-Hall 1978, ch. 3 and 4 (polynomials in the square of the radius, their Gauss nodes).
    """
    if count < 1:
        raise ValueError(f"count = {count!r}: give one mode at least")
    if nodes < count:
        raise ValueError(f"nodes = {nodes!r}: give count = {count!r} at least")
    roots, weights = roots_jacobi(nodes, 0.0, 1.5)
    x, doubled = 0.5 * (1 + roots), Polynomial([-1.0, 2.0])
    modes = tuple(Polynomial(jacobi(k, 0.0, 0.5).coef[::-1])(doubled) for k in range(1, count + 1))
    return SphereModes(
        polynomials=modes,
        nodes=x,
        weights=0.4 * weights / weights.sum(),
        values=np.array([mode(x) for mode in modes]),
        slopes=np.array([mode.deriv()(x) for mode in modes]),
    )


def _sum(coefficients: np.ndarray, terms: list[Any]) -> Any:
    return sum(float(c) * term for c, term in zip(coefficients, terms, strict=True))
