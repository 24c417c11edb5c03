"""Moves of the ensemble sampler."""

from __future__ import annotations

from typing import Any

import emcee
import numpy as np


class SnookerMove(emcee.moves.RedBlueMove):
    """Step along the line through another walker, of a length that two more walkers give.

    The move of emcee 3.1 of this kind (`DESnookerMove`) multiplies the step by the distance of x and z and takes half
    of the logarithm of the ratio below: with a share of 20 % it makes the standard deviations of a normal distribution
    5 % too small in 8 dimensions and 8 % in 13. `tests/fitting/test_moves.py` shows both.

    Parameters
    ----------
    length : float
        Step over the projected distance of the two walkers.

    Notes
    -----
    With the walker x and others z, z1, z2, the proposal is ``x' = x + length e (e.(z1 - z2))`` along the unit vector
    ``e`` of x - z. It is accepted with probability ``min(1, p(x')/p(x) (|x' - z|/|x - z|)**(d - 1))`` in d
    dimensions: C. J. F. ter Braak, J. A. Vrugt, Stat. Comput. 2008, 18, 435, doi 10.1007/s11222-008-9104-9.
    """

    def __init__(self, length: float = 1.7):
        self.length = length
        super().__init__(nsplits=2)

    def get_proposal(
        self, s: np.ndarray, c: list[np.ndarray], random: np.random.RandomState
    ) -> tuple[np.ndarray, np.ndarray]:
        """Proposals for the walkers `s`, shape (n, d), from the other ones `c`, and logarithms of the ratios."""
        others = np.concatenate(c)
        count, dimensions = s.shape
        # Three different walkers for each: the first three of a random order.
        chosen = np.argsort(random.random_sample((count, len(others))), axis=1)[:, :3]
        z, z1, z2 = np.moveaxis(others[chosen], 1, 0)
        away = s - z
        distance = np.linalg.norm(away, axis=1)
        direction = away / np.maximum(distance, np.finfo(float).tiny)[:, None]
        step = self.length * np.sum(direction * (z1 - z2), axis=1)
        proposed = s + step[:, None] * direction
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = np.log(np.abs(distance + step)) - np.log(distance)
        # A walker that sits on another has no direction: it stays.
        return proposed, np.where(distance > 0, (dimensions - 1) * ratio, -np.inf)


def ensemble_moves() -> list[tuple[Any, float]]:
    """Differential evolution and snooker steps with their shares."""
    return [(emcee.moves.DEMove(), 0.8), (SnookerMove(), 0.2)]
