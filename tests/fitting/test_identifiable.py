"""What the data can see."""

from __future__ import annotations

import numpy as np
import pytest

from assb.fitting import identifiability


def test_sum_of_two_is_seen_and_their_difference_is_not():
    """Two resistances in series: only the sum is measured."""
    jacobian = np.outer(np.ones(20), [1.0, 1.0])
    found = identifiability(["a", "b"], jacobian)
    assert found.singular_values[0] == pytest.approx(np.sqrt(40))
    assert found.singular_values[1] == pytest.approx(0, abs=1e-12)
    assert np.allclose(np.abs(found.vectors[1]), np.sqrt(0.5))
    seen, unseen = found.combinations()
    assert seen["seen"]
    assert not unseen["seen"]
    assert unseen["text"].count("0.71") == 2
    assert found.correlation[0, 1] == pytest.approx(-1 + 2 / 41, rel=0.05)


def test_covariance_is_the_gaussian_posterior():
    rng = np.random.default_rng(0)
    jacobian = rng.standard_normal((30, 4))
    found = identifiability(list("abcd"), jacobian)
    assert np.allclose(found.covariance, np.linalg.inv(jacobian.T @ jacobian + np.eye(4)))
    assert list(found.shrinkage) == list("abcd")


def test_fewer_rows_than_parameters_and_flat_priors():
    found = identifiability(list("abc"), np.ones((1, 3)), weights=np.zeros(3))
    assert np.isfinite(found.covariance).all()
    assert (found.singular_values[1:] == 0).all()
    assert "UNSEEN" in repr(found)
