"""Priors, their coordinates, and the correlated-noise likelihood."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import multivariate_normal

from assb.fitting import CorrelatedNoise, LogNormal, Normal, Uniform

PRIORS = [
    Normal(mean=0.85, sd=0.15, lower=0.3, upper=1.0),
    LogNormal(median=1e-15, factor=5.0),
    Uniform(lower=-2.0, upper=3.0),
]


@pytest.mark.parametrize("prior", PRIORS, ids=str)
def test_coordinates_invert_and_slope_is_the_derivative(prior):
    z = np.linspace(*prior.bounds, 7)[1:-1]
    assert np.allclose(prior.to_coordinate(prior.to_value(z)), z)
    step = 1e-6
    numerical = (prior.to_value(z + step) - prior.to_value(z - step)) / (2 * step)
    assert np.allclose(prior.slope(z), numerical, rtol=1e-6)


@pytest.mark.parametrize("prior", PRIORS, ids=str)
def test_samples_lie_inside_and_have_the_right_spread(prior):
    x = prior.draw(np.random.default_rng(1), 20_000)
    assert x.min() >= prior.lower
    assert x.max() <= prior.upper
    z = prior.to_coordinate(x)
    # The truncated normal of the first prior has a standard deviation of 0.78.
    expected = {"normal": (-0.28, 0.83), "log-normal": (0.0, 1.0), "uniform": (0.0, 1.0)}[prior.kind]
    assert z.std() == pytest.approx(expected[1], abs=0.06)
    assert z.mean() == pytest.approx(expected[0], abs=0.08)


def test_outside_the_bounds_the_density_is_zero():
    prior = PRIORS[0]
    outside = prior.to_coordinate(np.array([0.29, 1.01]))
    assert np.all(np.isneginf(prior.log_density(outside)))


def test_distance_to_bound():
    assert Uniform(lower=0, upper=10).distance_to_bound(1.0) == pytest.approx(0.1)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Normal(mean=0, sd=0), "sd = 0"),
        (lambda: LogNormal(median=-1, factor=2), "median must be positive"),
        (lambda: LogNormal(median=1, factor=1), "factor above 1"),
        (lambda: Uniform(lower=0), "finite bounds"),
        (lambda: Normal(mean=0, sd=1, lower=2, upper=1), "lower must be below upper"),
    ],
)
def test_impossible_priors(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def covariance_matrix(time, block, sd, tau, white_sd):
    same = block[:, None] == block[None, :]
    smooth = sd**2 * np.exp(-np.abs(time[:, None] - time[None, :]) / tau) * same
    return smooth + white_sd**2 * np.eye(len(time))


@pytest.mark.parametrize("white_sd", [0.0, 0.002])
def test_whitening_is_the_exact_gaussian_density(white_sd):
    """Against the full covariance of an Ornstein-Uhlenbeck process plus white noise, blocks independent."""
    rng = np.random.default_rng(0)
    time = np.sort(rng.uniform(0, 100, 12))
    block = np.repeat([0, 1], [7, 5])
    parameters = np.array([0.004, 30.0, white_sd])
    given = parameters if white_sd else parameters[:2]
    residuals = 0.01 * rng.standard_normal(12)
    white, log_determinant = CorrelatedNoise.whiten(residuals, time, block, given)
    mine = -0.5 * np.sum(white**2) - log_determinant - 6 * np.log(2 * np.pi)
    covariance = covariance_matrix(time, block, *parameters)
    assert mine == pytest.approx(multivariate_normal(np.zeros(12), covariance).logpdf(residuals), rel=1e-9)


def test_whitening_many_sets_and_jacobians_agrees_with_one_by_one():
    rng = np.random.default_rng(0)
    time, block = np.arange(6.0), np.zeros(6, dtype=int)
    residuals, parameters = rng.standard_normal((4, 6)), rng.uniform(1, 3, (4, 3))
    white, log_determinant = CorrelatedNoise.whiten(residuals, time, block, parameters)
    for k in range(4):
        one, value = CorrelatedNoise.whiten(residuals[k], time, block, parameters[k])
        assert np.allclose(one, white[k])
        assert value == pytest.approx(log_determinant[k])
    columns = rng.standard_normal((6, 3))
    together, _ = CorrelatedNoise.whiten(columns, time, block, parameters[0])
    for k in range(3):
        assert np.allclose(
            together[:, k], CorrelatedNoise.whiten(columns[:, k], time, block, parameters[0])[0]
        )


def test_noise_draws_have_the_stated_covariance():
    rng = np.random.default_rng(3)
    time, block = np.array([0.0, 5.0, 10.0, 11.0]), np.array([0, 0, 0, 1])
    parameters = np.array([2.0, 10.0, 1.0])
    draws = np.stack([CorrelatedNoise.draw(rng, time, block, parameters) for _ in range(20_000)])
    assert np.allclose(np.cov(draws.T), covariance_matrix(time, block, *parameters), atol=0.15)
