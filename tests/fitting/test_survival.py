"""A process killed at any moment, a likelihood that raises, returns NaN or stalls."""

from __future__ import annotations

import multiprocessing
import os
import signal
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import h5py
import numpy as np
import pybamm
import pytest

from assb.fitting import LogNormal, Normal, Problem, Table, WhiteNoise, calibrate, sample
from assb.fitting import checkpoint as store
from assb.fitting.survival import StallError, deadline

TIMES = np.linspace(0.1, 2.0, 12)
PRIORS = {"Size": LogNormal(median=1.0, factor=2.0), "Rate": Normal(mean=1.0, sd=0.5)}


def decay(p):
    return p["Size"] * np.exp(-p["Rate"] * TIMES)


def problem(predictor=decay, **about):
    rng = np.random.default_rng(5)
    table = Table(1.2 * np.exp(-0.9 * TIMES) + 0.02 * rng.normal(size=12), predictor, 0.02, "decay")
    values = pybamm.ParameterValues({"Size": 1.0, "Rate": 1.0})
    return Problem(None, values, [table], PRIORS, {"table": WhiteNoise(1.0)}, **about)


def run(path, start, resume):
    sample(
        problem(),
        start,
        seed=5,
        checkpoint=path,
        walkers=16,
        max_steps=2000,
        resume=resume,
        progress=False,
        effective_samples=1e9,
        checkpoint_every=0.02,
    )


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs a process that can be forked and killed")
def test_a_chain_killed_at_twenty_moments_is_the_undisturbed_one(tmp_path):
    start = calibrate(problem(), seed=5, starts=1)
    whole = tmp_path / "whole.h5"
    begun = time.monotonic()
    run(whole, start, False)
    duration = time.monotonic() - begun
    expected = store.read(whole)[0]
    path, rng, kills = tmp_path / "killed.h5", np.random.default_rng(5), 0
    context = multiprocessing.get_context("fork")
    while kills < 20:
        child = context.Process(target=run, args=(path, start, path.exists()))
        child.start()
        child.join(rng.uniform(0.01, 0.15) * duration)
        if child.is_alive():
            os.kill(child.pid, signal.SIGKILL)
            kills += 1
            child.join()
        else:  # the chain ended before its moment came (the first run was slow): look at it, begin another
            assert_same(store.read(path)[0], expected)
            path.unlink()
        if path.exists():
            with h5py.File(path, "r") as stream:  # readable whenever the process died
                assert stream["mcmc"].attrs["iteration"] > 0
    run(path, start, path.exists())
    assert_same(store.read(path)[0], expected)


def assert_same(found, expected):
    assert found.iteration == expected.iteration
    np.testing.assert_array_equal(found.chain, expected.chain)
    np.testing.assert_array_equal(found.log_prob, expected.log_prob)


def not_a_number(p):
    return np.where(p["Size"] > 1.3, np.nan, decay(p))


def raising(p):
    if np.any(p["Size"] > 1.3):
        raise RuntimeError("too large")
    return decay(p)


def stalling(p):
    if np.any(p["Size"] > 1.3):
        time.sleep(60)
    return decay(p)


@pytest.mark.parametrize(
    ("predictor", "reason"),
    [
        (not_a_number, "not a number"),
        (raising, "RuntimeError: too large"),
        (stalling, "StallError: no answer after"),
    ],
)
def test_a_bad_likelihood_is_survived_and_counted(predictor, reason):
    given = problem(predictor, time_limit=0.02)
    z = given.to_coordinates(np.array([[1.2, 0.9], [1.4, 0.9], [1.1, 1.0]]))
    value = given.log_posterior(z)
    assert np.isfinite(value[[0, 2]]).all()
    assert np.isneginf(value[1])
    assert given.failures == 1
    ((said, count),) = given.failure_reasons.items()
    assert said.startswith(f"decay: {reason}")
    assert count == 1
    estimate = calibrate(given, seed=5, starts=2)
    steps = 200 if predictor is stalling else 2000
    posterior = sample(given, estimate, seed=5, walkers=16, max_steps=steps, progress=False)
    # A stall takes its time limit: too few steps are made to meet one for sure.
    assert posterior.sampling_["n_failed"] > 0 or predictor is stalling
    assert posterior.dataset_["Size"].max() <= 1.3


@pytest.mark.parametrize("executor", [ThreadPoolExecutor, ProcessPoolExecutor])
def test_a_pool_changes_nothing(executor):
    """The same chain, and what fails in the workers is counted here."""
    alone, shared = problem(not_a_number), problem(not_a_number)
    about = {"seed": 5, "walkers": 16, "max_steps": 100, "progress": False}
    expected = sample(alone, calibrate(alone, seed=5, starts=1), **about)
    start = calibrate(shared, seed=5, starts=1)
    with executor(2) as pool:
        found = sample(shared, start, pool=pool, **about)
    np.testing.assert_array_equal(found.dataset_["Size"], expected.dataset_["Size"])
    assert found.sampling_["n_failed"] == expected.sampling_["n_failed"] > 0
    assert shared.failure_reasons == alone.failure_reasons
    assert shared.evaluations == alone.evaluations


def test_a_start_that_raises_is_a_finite_reported_failure():
    given = problem(lambda p: 1 / 0)
    with pytest.raises(ValueError, match="none of 2 starts could be simulated"):
        calibrate(given, seed=5, starts=2)
    assert any("ZeroDivisionError" in reason for reason in given.failure_reasons)


def test_the_deadline_rings_and_leaves_nothing_behind():
    with pytest.raises(StallError, match=r"no answer after 0\.01 s"), deadline(0.01):
        time.sleep(5)
    with deadline(0.05):
        pass
    time.sleep(0.06)
