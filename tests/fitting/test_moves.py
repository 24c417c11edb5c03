"""The ensemble moves keep the target: the standard deviations of a normal distribution come out right."""

from __future__ import annotations

import emcee
import numpy as np
import pytest

from assb.fitting.moves import SnookerMove, ensemble_moves

STEPS, WALKERS = 3000, 32


def spread(moves, dimensions):
    """Mean standard deviation of a chain on the standard normal distribution, started in it."""
    sampler = emcee.EnsembleSampler(
        WALKERS, dimensions, lambda x: -0.5 * np.sum(x**2, axis=1), vectorize=True, moves=moves
    )
    sampler.random_state = np.random.RandomState(5).get_state()
    start = np.random.default_rng(5).standard_normal((WALKERS, dimensions))
    sampler.run_mcmc(start, STEPS, skip_initial_state_check=True)
    return sampler.get_chain()[STEPS // 6 :].reshape(-1, dimensions).std(axis=0).mean()


@pytest.mark.parametrize("dimensions", [1, 13])
def test_the_moves_of_the_sampler_are_unbiased(dimensions):
    # The standard error of these chains is below 0.008.
    assert spread(ensemble_moves(), dimensions) == pytest.approx(1.0, abs=0.025)


def test_snooker_steps_are_unbiased():
    assert spread([(SnookerMove(), 0.9), (emcee.moves.DEMove(), 0.1)], 8) == pytest.approx(1.0, abs=0.03)


def test_why_there_is_a_move_of_our_own():
    """Control: with the move of emcee the same test fails. Should emcee mend it, use theirs."""
    moves = [(emcee.moves.DEMove(), 0.8), (emcee.moves.DESnookerMove(), 0.2)]
    assert spread(moves, 13) < 0.95


def test_a_walker_upon_another_stays():
    move, rng = SnookerMove(), np.random.RandomState(5)
    proposed, ratio = move.get_proposal(np.zeros((2, 3)), [np.zeros((4, 3))], rng)
    assert np.isneginf(ratio).all()
    assert np.isfinite(proposed).all()
