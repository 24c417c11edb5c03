"""Legendre modes of a reaction that varies through the depth of an electrode.

``xi`` runs from the separator (0) to the collector (1). The reaction is
``j(xi) = <j> + sum_k J_k P_k(2 xi - 1)``, k = 1..K, and ``Q_k(xi)`` is the integral of P_k from 0, which
vanishes at both ends.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.polynomial import legendre


@dataclass(frozen=True)
class DepthModes:
    """Integrals of the modes, and the nodes at which the interface is evaluated.

    Attributes
    ----------
    weights : ndarray, shape (n,)
        Weights of the Gauss-Legendre nodes; they sum to one.
    values : ndarray, shape (K, n)
        P_k at the nodes.
    ionic, electronic : ndarray, shape (K,)
        Mean of ``(1 - xi) Q_k`` and of ``xi Q_k``.
    overlap : ndarray, shape (K, K)
        Mean of ``Q_k Q_m``.
    """

    weights: np.ndarray
    values: np.ndarray
    ionic: np.ndarray
    electronic: np.ndarray
    overlap: np.ndarray

    @property
    def count(self) -> int:
        """Number of modes."""
        return len(self.values)


def depth_modes_for(count: int, nodes: int) -> DepthModes:
    """Integrals of `count` modes, and `nodes` Gauss-Legendre nodes.

    Raises
    ------
    ValueError
        When the nodes are too few to tell the modes apart.
    """
    if nodes <= count:
        raise ValueError(f"nodes = {nodes!r}: give more than count = {count!r}")

    def legendres(z):
        return np.array([legendre.legval(z, np.eye(count + 2)[k]) for k in range(count + 2)])

    z, weights = legendre.leggauss(nodes)
    exact_z, exact = legendre.leggauss(count + 3)
    table, xi = legendres(exact_z), 0.5 * (1 + exact_z)
    integrals = np.array([(table[k + 1] - table[k - 1]) / (4 * k + 2) for k in range(1, count + 1)])
    half = 0.5 * exact
    return DepthModes(
        weights=0.5 * weights,
        values=legendres(z)[1 : count + 1],
        ionic=integrals @ (half * (1 - xi)),
        electronic=integrals @ (half * xi),
        overlap=(integrals * half) @ integrals.T,
    )


def field_moments(
    modes: DepthModes, amplitudes: list[Any], supplied: Any, thickness: Any, kappa: Any, sigma: Any, area: Any
) -> list[Any]:
    """Moments ``<P_k phi>`` [V] of the potential difference, by Ohm's law in both networks.

    Parameters
    ----------
    modes : DepthModes
    amplitudes : list of K array-like or symbols
        J_k [A.m-2] per contact area.
    supplied : array-like or symbol
        Oxidation current per electrode area [A.m-2], ``area * thickness * <j>``.
    thickness, kappa, sigma, area : array-like or symbol
        As for :func:`assb.models.closures.thiele_number`.

    Notes
    -----
    ``d(phi)/d(xi) = L [-I (1 - xi)/kappa + I xi/sigma + a theta L (1/kappa + 1/sigma) sum_m J_m Q_m]``; since Q_k
    vanishes at the ends ``<P_k phi> = -<Q_k d(phi)/d(xi)>``.
    """
    resistance = area * thickness * (1 / kappa + 1 / sigma)
    result = []
    for k in range(modes.count):
        forced = supplied * (float(modes.electronic[k]) / sigma - float(modes.ionic[k]) / kappa)
        own = sum(
            float(modes.overlap[k, m]) * amplitudes[m]
            for m in range(modes.count)
            if abs(modes.overlap[k, m]) > 1e-14
        )
        result.append(-thickness * (forced + resistance * own))
    return result


def ohmic_correction(
    modes: DepthModes, amplitudes: list[Any], thickness: Any, kappa: Any, sigma: Any, area: Any
) -> Any:
    """Drop [V] in both networks beyond that of the uniform reaction; arguments as for `field_moments`."""
    scale = area * thickness * thickness
    return scale * sum(
        amplitudes[k] * (float(modes.electronic[k]) / sigma - float(modes.ionic[k]) / kappa)
        for k in range(modes.count)
        if abs(modes.ionic[k]) > 1e-14
    )
