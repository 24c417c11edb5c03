"""Laplace posteriors, fits and ellipses against closed forms and finite differences."""

from __future__ import annotations

import numpy as np
import pytest

from assb import models, parameters
from assb.fitting import (
    LogNormal,
    Measurement,
    Normal,
    SpectrumData,
    Uniform,
    VoltageData,
    ellipse,
    ellipse_area,
    fit_map,
    laplace_covariance,
)
from assb.models.compiled import Protocol

START = "Initial stoichiometry in positive electrode"
FILM = "Positive electrode interface resistance [Ohm.m2]"
PRIORS = {START: Normal(mean=0.5, sd=0.02), FILM: LogNormal(median=0.02, factor=2.0)}


class Line(Measurement):
    """a + b x with white noise."""

    def __init__(self, x, sd):
        super().__init__(["a", "b"], None, None)
        self.x, self.sd = np.asarray(x, dtype=float), sd

    def predict(self, values):
        return values["a"] + values["b"] * self.x

    def linearise(self, values, priors):
        columns = {"a": np.ones_like(self.x), "b": self.x}
        jacobian = np.column_stack([columns[n] * p.slope(0.0) for n, p in priors.items()])
        return self.predict(values), jacobian

    def whiten(self, rows, reference):
        return rows / self.sd

    def draw(self, rng, reference):
        return self.sd * rng.standard_normal(len(self.x))


LINE = {"a": Normal(mean=1.0, sd=2.0), "b": Normal(mean=0.0, sd=3.0)}


def expected(*lines):
    """Posterior covariance of a linear model, in the units of a and b."""
    precision = np.diag([1 / 2.0**2, 1 / 3.0**2])
    for line in lines:
        design = np.column_stack([np.ones_like(line.x), line.x])
        precision = precision + design.T @ design / line.sd**2
    return np.linalg.inv(precision)


def test_laplace_is_exact_for_a_line_and_data_add_up():
    first, second = Line([0, 1, 2], 0.3), Line([5, 7], 0.1)
    values = {"a": 0.4, "b": -1.2}
    assert laplace_covariance([first], values, LINE) == pytest.approx(expected(first))
    assert laplace_covariance([first, second], values, LINE) == pytest.approx(expected(first, second))
    assert laplace_covariance([], values, LINE) == pytest.approx(np.diag([4.0, 9.0]))


def test_unknowns_that_nothing_determines_are_an_error():
    flat = {"a": Uniform(lower=-5, upper=5), "b": Uniform(lower=-5, upper=5)}
    with pytest.raises(ValueError, match="undetermined"):
        laplace_covariance([Line([2.0], 0.1)], {"a": 0.0, "b": 0.0}, flat)


def test_fit_and_evidence_are_exact_for_a_line():
    line = Line([0, 1, 2, 4], 0.3)
    measured = line.predict({"a": 1.7, "b": 0.5}) + line.draw(np.random.default_rng(1), np.zeros(4))
    fit = fit_map([line], [measured], LINE, {"a": 0.0, "b": 0.0})
    assert fit.converged
    design = np.column_stack([np.ones_like(line.x), line.x])
    right = design.T @ measured / line.sd**2 + np.array([1.0 / 4.0, 0.0])
    assert [fit.values["a"], fit.values["b"]] == pytest.approx(expected(line) @ right)
    # Evidence: the data are normal about the prior mean with covariance S.
    spread = line.sd**2 * np.eye(4) + design @ np.diag([4.0, 9.0]) @ design.T
    off = measured - 1.0
    exact = -0.5 * off @ np.linalg.solve(spread, off) - 0.5 * np.linalg.slogdet(spread / line.sd**2)[1]
    assert fit.log_evidence == pytest.approx(exact)


def test_flat_prior_enters_the_evidence_by_its_width():
    line = Line([1.0, 1.0], 0.01)
    measured = [line.predict({"a": 0.0, "b": 0.5})]
    evidence = {
        width: fit_map([line], measured, {"b": Uniform(lower=-width, upper=width)}, {"a": 0.0, "b": 0.1})
        for width in (1.0, 10.0)
    }
    assert evidence[1.0].log_evidence - evidence[10.0].log_evidence == pytest.approx(np.log(10))


def test_fit_stays_within_the_bounds_of_its_priors():
    line = Line([1.0], 0.01)
    prior = {"b": Uniform(lower=-1.0, upper=1.0)}
    fit = fit_map([line], [np.array([3.0])], prior, {"a": 0.0, "b": 0.2})
    assert fit.values["b"] == pytest.approx(1.0)
    assert fit.converged


def test_area_and_outline_of_an_ellipse():
    covariance = np.array([[4.0, 1.0], [1.0, 2.0]])
    area = ellipse_area(covariance, 0.95)
    assert ellipse_area(np.eye(2), 1 - np.exp(-0.5)) == pytest.approx(np.pi)  # one standard deviation
    x, y = ellipse(covariance, (3.0, -1.0), points=20001).T
    assert 0.5 * abs(np.sum(x[:-1] * y[1:] - x[1:] * y[:-1])) == pytest.approx(area, rel=1e-6)
    draws = np.random.default_rng(0).multivariate_normal((0, 0), covariance, 200_000)
    inside = (draws @ np.linalg.inv(covariance) * draws).sum(axis=1) < -2 * np.log(0.05)
    assert inside.mean() == pytest.approx(0.95, abs=2e-3)


@pytest.mark.parametrize(
    ("covariance", "level", "word"),
    [([[1, 2], [2, 1]], 0.95, "positive"), (np.eye(3), 0.95, "2 x 2"), (np.eye(2), 1.0, "level")],
)
def test_bad_ellipse_is_an_error(covariance, level, word):
    with pytest.raises(ValueError, match=word):
        ellipse_area(covariance, level)


# Data of the models ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def values():
    return parameters.get("NCM811_LPSCl_InLi")


@pytest.fixture(scope="module")
def cell(values):
    return models.compile(models.SPM(), values, [START, FILM], ["Voltage [V]"])


@pytest.fixture(scope="module")
def spectra(values):
    return models.ImpedanceModel(models.SPM({"surface form": "differential"}), values, [START, FILM])


def protocols():
    return [
        Protocol.from_steps([(600, current), (300, 0.0)], [60, 600, 660, 900]) for current in (2e-4, -2e-4)
    ]


def kinds(cell, spectra, **held):
    return [
        VoltageData(cell, protocols(), (2e-3, 300.0, 1e-4), **held),
        SpectrumData(spectra, [0.1, 10.0, 1e3], 0.01, **held),
    ]


POINT = {START: 0.52, FILM: 0.03}


@pytest.mark.parametrize("kind", [0, 1])
def test_derivatives_are_those_of_the_predictions(cell, spectra, kind):
    data = kinds(cell, spectra)[kind]
    rows, jacobian = data.linearise(POINT, PRIORS)
    assert rows == pytest.approx(data.predict(POINT), rel=1e-9)
    for k, (name, prior) in enumerate(PRIORS.items()):
        z, step = float(prior.to_coordinate(POINT[name])), 1e-3
        moved = [data.predict({**POINT, name: float(prior.to_value(z + s * step))}) for s in (1, -1)]
        slope = (moved[0] - moved[1]) / (2 * step)
        assert np.abs(jacobian[:, k] - slope).max() < 1e-4 * np.abs(slope).max()


@pytest.mark.parametrize("kind", [0, 1])
def test_settings_hold_and_shifts_move(cell, spectra, kind):
    plain = kinds(cell, spectra)[kind]
    held = kinds(cell, spectra, settings={FILM: 0.05}, shifts={START: 0.1})[kind]
    assert held.predict(POINT) == pytest.approx(plain.predict({START: 0.62, FILM: 0.05}))
    _, jacobian = held.linearise(POINT, PRIORS)
    assert (jacobian[:, 1] == 0).all()
    assert np.abs(jacobian[:, 0]).max() > 0


@pytest.mark.parametrize("kind", [0, 1])
def test_whitened_noise_is_standard_normal(cell, spectra, kind):
    data = kinds(cell, spectra)[kind]
    rows, rng = data.predict(POINT), np.random.default_rng(3)
    white = np.array([data.whiten(data.draw(rng, rows), rows) for _ in range(4000)])
    assert np.abs(np.cov(white.T) - np.eye(white.shape[1])).max() < 0.1


def test_fit_finds_the_values_behind_both_kinds_of_data(cell, spectra):
    data = kinds(cell, spectra)
    fit = fit_map(data, [item.predict(POINT) for item in data], PRIORS, {START: 0.5, FILM: 0.02})
    sd = np.sqrt(np.diag(laplace_covariance(data, POINT, PRIORS)))
    assert fit.converged
    for k, name in enumerate(PRIORS):  # the prior pulls by a share of the posterior's width
        assert abs(fit.values[name] - POINT[name]) < 0.5 * sd[k]


def test_bad_input_is_named(cell, spectra, values):
    with pytest.raises(ValueError, match="settings names 'x'"):
        SpectrumData(spectra, [1.0], 0.01, settings={"x": 1.0})
    with pytest.raises(ValueError, match="relative_sd"):
        SpectrumData(spectra, [1.0], 0.0)
    with pytest.raises(ValueError, match="values lack"):
        VoltageData(cell, protocols(), (1e-3, 100.0)).predict({START: 0.5})
