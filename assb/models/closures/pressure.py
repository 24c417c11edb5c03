"""Stiffness of the stack in its fixture."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any


def layer_stiffness(thicknesses: Sequence[Any], moduli: Sequence[Any]) -> Any:
    """Compliance of the layers in series, ``sum_i L_i/E_i`` [m.Pa-1].

    Parameters
    ----------
    thicknesses : sequence of array-like or symbol
        Layer thicknesses [m].
    moduli : sequence of array-like or symbol
        Moduli under confined compression [Pa].
    """
    return sum(length / modulus for length, modulus in zip(thicknesses, moduli, strict=True))


def stack_stiffness(fixture: Any, compliance: Any) -> Any:
    """Stiffness seen by the breathing electrodes, ``K_fix/(1 + K_fix sum L/E)`` [Pa.m-1].

    Zero for a constant-pressure fixture; tends to 1/compliance for a constant volume.
    """
    return fixture / (1 + fixture * compliance)
