"""A small calibration problem that compiles once a session: three parameters of the embedded cycle."""

from __future__ import annotations

import numpy as np
import pytest

PRIORS = {
    "Initial stoichiometry in positive electrode": ("normal", {"mean": 0.865, "sd": 0.05, "upper": 0.99}),
    "Positive electrode interface resistance [Ohm.m2]": ("log-normal", {"median": 0.02, "factor": 5.0}),
    "Negative electrode stripping resistance [Ohm.m2]": ("log-normal", {"median": 0.05, "factor": 5.0}),
}
TRUTH = np.array([0.88, 0.035, 0.12])


def make_priors():
    from assb.fitting.priors import KINDS

    return {name: KINDS[kind](**values) for name, (kind, values) in PRIORS.items()}


def make_problem(data, backend="compiled", priors=None):
    from assb import models, parameters
    from assb.fitting import Problem

    model = models.SPM({"space charge": "none", "contact": "pressure"})
    values = parameters.get("NCM811_LPSCl_InLi")
    return Problem(model, values, [data], priors or make_priors(), backend=backend)


@pytest.fixture(scope="session")
def synthetic():
    """Synthetic record from known parameters with 3 mV of correlated noise."""
    from assb.fitting import CorrelatedNoise, Dataset

    data = Dataset.embedded()
    problem = make_problem(data)
    clean = problem.voltages(problem.to_coordinates(TRUTH))[0]
    noise = CorrelatedNoise.draw(np.random.default_rng(2), data.time, data.block, (0.003, 200.0))
    return Dataset(data.time, data.current, clean + noise, data.steps, "synthetic")


@pytest.fixture(scope="session")
def problem(synthetic):
    return make_problem(synthetic)


@pytest.fixture(scope="session")
def estimate(problem):
    from assb.fitting import calibrate

    return calibrate(problem, seed=0, starts=3)
