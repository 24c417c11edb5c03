"""Convergence numbers against processes whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest

from assb.fitting.diagnostics import autocorrelation_time, diagnose, split_rhat


def autoregressive(steps, walkers, rho, seed=0):
    """AR(1) chains: integrated autocorrelation time (1 + rho)/(1 - rho)."""
    rng = np.random.default_rng(seed)
    chain = np.empty((steps, walkers, 1))
    chain[0] = rng.standard_normal((walkers, 1))
    for k in range(1, steps):
        chain[k] = rho * chain[k - 1] + np.sqrt(1 - rho**2) * rng.standard_normal((walkers, 1))
    return chain


def test_autocorrelation_time_of_ar1():
    chain = autoregressive(6000, 20, 0.9)
    assert autocorrelation_time(chain)[0] == pytest.approx(19, rel=0.1)


def test_thinned_chain_reports_steps():
    chain = autoregressive(6000, 20, 0.9)
    whole, thinned = diagnose(chain, ["x"]), diagnose(chain[::3], ["x"], thin=3)
    assert thinned["tau_max"] == pytest.approx(whole["tau_max"], rel=0.15)
    assert thinned["steps"] == whole["steps"]


def test_stopping_rule():
    long, short = autoregressive(2500, 20, 0.9), autoregressive(300, 20, 0.9)
    assert diagnose(long, ["x"])["status"] == "done"
    assert diagnose(short, ["x"])["status"] == "running"


def test_rhat_of_agreeing_and_disagreeing_chains():
    agreeing = autoregressive(2000, 8, 0.5)
    assert split_rhat(agreeing)[0] < 1.01
    apart = agreeing + np.arange(8)[None, :, None]
    assert split_rhat(apart)[0] > 1.5
    assert np.isinf(split_rhat(agreeing[:2])[0])


def test_stuck_chain_is_not_done():
    stuck = np.repeat(np.random.default_rng(0).standard_normal((1, 20, 1)), 4000, axis=0)
    assert diagnose(stuck, ["x"])["status"] == "running"
