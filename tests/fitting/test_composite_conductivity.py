"""Six parameters for both carriers of the composites of Song et al. 2022, and each composition left out."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from assb.fitting import calibrate

PATH = Path(__file__).resolve().parents[2] / "examples" / "composite_conductivity.py"


@pytest.fixture(scope="module")
def example():
    spec = importlib.util.spec_from_file_location("composite_conductivity", PATH)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_six_parameters_describe_twelve_rows(example):
    problem = example.problem(example.rows())
    assert len(problem.names) == 6
    assert problem.scored_rows == 12
    estimate = calibrate(problem, seed=0)
    assert np.sqrt(np.mean(example.errors(estimate, example.rows()) ** 2)) < 0.05
    for name, prior in problem.priors.items():
        assert prior.distance_to_bound(estimate.parameters_[name]) > 0.01, name


def test_a_composition_is_predicted_from_the_others(example):
    found = example.left_out()
    errors = np.concatenate([each.ravel() for each in found.values()])
    assert len(found) == 3
    assert np.sqrt(np.mean(errors**2)) < 0.35
    # The composition next to the threshold of the electronic network is by far the hardest.
    assert max(found, key=lambda share: np.abs(found[share]).max()) == 28.0
