"""Several kinds of data in one posterior: shared, own, pooled and tied parameters."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import multivariate_normal
from scipy.stats import t as student

from assb.fitting import (
    CorrelatedNoise,
    Dataset,
    LogNormal,
    Normal,
    PerCell,
    PerDataset,
    Pooled,
    Problem,
    Spectrum,
    StudentNoise,
    Table,
    Tied,
    Uniform,
    WhiteNoise,
    calibrate,
)
from assb.fitting.layout import Layout
from assb.fitting.problem import ProblemError

Y0 = "Initial stoichiometry in positive electrode"
R_INT = "Positive electrode interface resistance [Ohm.m2]"
PRESSURE = "Stack pressure [MPa]"


class Stub:
    """A data set as a layout sees it."""

    def __init__(self, name, cell="", settings=None, shifts=None):
        self.name, self.cell = name, cell
        self.settings, self.shifts = settings or {}, shifts or {}


RULES = {
    "A [m]": LogNormal(median=2.0, factor=3.0),
    "B": PerDataset(Normal(mean=1.0, sd=0.5)),
    "C [K]": Pooled(Normal(mean=10.0, sd=2.0)),
    "D": Tied("A [m]", 0.5),
    "E [V]": PerCell(Normal(mean=0.0, sd=1.0)),
}


@pytest.fixture(scope="module")
def layout():
    data = [Stub("one", "x", {"P": 3.0}), Stub("two", "x", shifts={"A [m]": 0.1}), Stub("three", "y")]
    return Layout(RULES, data, lambda name: 7.0)


def test_names_and_inputs_of_a_layout(layout):
    assert layout.inputs == ["A [m]", "B", "C [K]", "D", "E [V]", "P"]
    assert list(layout.priors) == [
        "A [m]",
        "B, one",
        "B, two",
        "B, three",
        "C, population mean [K]",
        "C, population spread in prior sd",
        "C, offset of x",
        "C, offset of y",
        "E, x [V]",
        "E, y [V]",
    ]


def test_values_of_a_layout(layout):
    z = np.array([1.0, 0.1, 0.2, 0.3, 0.5, -0.4, 1.5, -2.0, 0.7, 0.8])
    spread = 0.2 * 2.5**-0.4
    a = 2.0 * 3.0
    expected = [
        [a, 1.05, 10 + 2 * (0.5 + spread * 1.5), a / 2, 0.7, 3.0],
        [a + 0.1, 1.1, 10 + 2 * (0.5 + spread * 1.5), a / 2, 0.7, 7.0],
        [a, 1.15, 10 + 2 * (0.5 - spread * 2.0), a / 2, 0.8, 7.0],
    ]
    for k, row in enumerate(expected):
        np.testing.assert_allclose(layout.values(z, k), row, rtol=1e-12)
        np.testing.assert_allclose(layout.values(np.stack([z, z]), k), [row, row], rtol=1e-12)


def test_slopes_of_a_layout_are_derivatives(layout):
    z, step = np.random.default_rng(5).normal(size=10), 1e-6
    for k in range(3):
        numerical = [
            (layout.values(z + step * e, k) - layout.values(z - step * e, k)) / (2 * step) for e in np.eye(10)
        ]
        np.testing.assert_allclose(layout.slopes(z, k), np.transpose(numerical), rtol=1e-6, atol=1e-9)


def test_a_tie_needs_a_calibrated_parameter():
    with pytest.raises(ValueError, match="'D' is tied to 'Z', which is not calibrated"):
        Layout({"D": Tied("Z")}, [Stub("one")], lambda name: 1.0)


def test_a_pooled_parameter_needs_a_prior_with_a_mean():
    with pytest.raises(ValueError, match="normal or log-normal prior of its mean"):
        Pooled(Uniform(lower=0.0, upper=1.0))


def test_white_and_student_noise_are_their_densities():
    rng, n = np.random.default_rng(5), 7
    time, block, residuals = np.arange(n, dtype=float), np.zeros(n, int), rng.normal(size=(3, n))
    sizes = np.array([[0.5], [1.0], [2.0]])
    white, log_determinant = WhiteNoise(1.0).whiten(residuals, time, block, sizes)
    mine = WhiteNoise(1.0).log_density(white, sizes) - log_determinant
    np.testing.assert_allclose(
        mine,
        [
            multivariate_normal(np.zeros(n), s**2).logpdf(r)
            for s, r in zip(sizes[:, 0], residuals, strict=True)
        ],
    )
    noise = StudentNoise(1.0, degrees_of_freedom=3.0)
    white, log_determinant = noise.whiten(residuals, time, block, sizes)
    mine = noise.log_density(white, sizes) - log_determinant
    np.testing.assert_allclose(mine, student(3.0, scale=sizes).logpdf(residuals).sum(axis=1))
    # Half the sum of squares of the reduced residuals is the log density but for a constant.
    reduced, slope = noise.least_squares(white, sizes)
    zero = noise.log_density(np.zeros(n), sizes)
    np.testing.assert_allclose(0.5 * (reduced**2).sum(axis=1), zero - noise.log_density(white, sizes))
    moved = noise.least_squares(white + 1e-6, sizes)[0]
    np.testing.assert_allclose(slope, (moved - reduced) / 1e-6, rtol=1e-4)


def test_known_sizes_are_filled_in():
    noise = CorrelatedNoise(sd=0.002, correlation_time=LogNormal(median=100, factor=2), white_sd=0.001)
    assert list(noise.priors) == ["Noise correlation time [s]"]
    np.testing.assert_allclose(
        noise.complete(np.array([[50.0], [60.0]])), [[0.002, 50, 0.001], [0.002, 60, 0.001]]
    )


TRUTH = {Y0: 0.88, R_INT: 0.035}


def rated(name, rate, **about):
    time = np.linspace(0, 1200 / rate, 30)
    current = np.full(30, -0.33e-3 * rate)
    return Dataset(time, current, np.linspace(3.0, 3.1, 30), name=name, **about)


@pytest.fixture(scope="module")
def joint():
    """Two rates with pressure, one spectrum at another pressure, a table; synthetic at known values."""
    from assb import models, parameters

    rng = np.random.default_rng(5)
    model = models.SPM({"space charge": "none", "contact": "pressure", "surface form": "differential"})
    values = parameters.get("NCM811_LPSCl_InLi")
    flat = np.zeros(30)
    frequency = np.geomspace(1e5, 1e-1, 25)
    blank = [
        rated("slow", 1.0, pressure=flat),
        rated("fast", 2.0, pressure=flat, settings={PRESSURE: 20.0}),
        Spectrum(frequency, np.full(25, 100.0 - 1j), settings={PRESSURE: 20.0}),
        Table(np.ones(3), lambda p: p[R_INT] * np.array([1.0, 2.0, 3.0]), name="resistances", sd=1e-3),
    ]
    priors = {
        Y0: Normal(mean=0.865, sd=0.05, upper=0.99),
        R_INT: LogNormal(median=0.02, factor=5.0),
    }
    noise = {
        "voltage": WhiteNoise(0.002),
        "pressure": WhiteNoise(0.01, "Pressure", "MPa"),
        "table": WhiteNoise(1.0),
    }
    empty = Problem(model, values, blank, priors, noise)
    z = empty.to_coordinates(np.array([TRUTH[Y0], TRUTH[R_INT]]))
    slow, fast, spectrum, table = (rows[0] for rows in empty.predict(z))

    def series(template, rows):
        voltage = rows[:30] + 0.002 * rng.normal(size=30)
        pressure = rows[30:] + 0.01 * rng.normal(size=30)
        return Dataset(
            template.time,
            template.current,
            voltage,
            name=template.name,
            pressure=pressure,
            settings=template.settings,
        )

    impedance = spectrum[:25] + 1j * spectrum[25:]
    relative = rng.normal(size=25) + 1j * rng.normal(size=25)
    data = [
        series(blank[0], slow),
        series(blank[1], fast),
        Spectrum(frequency, impedance + 0.01 * np.abs(impedance) * relative, settings={PRESSURE: 20.0}),
        Table(table + 1e-3 * rng.normal(size=3), blank[3].predictor, name="resistances", sd=1e-3),
    ]
    return Problem(model, values, data, priors, noise)


def test_rows_and_sizes_of_several_data(joint):
    assert joint.scored_rows == 4 * 29 + 50 + 3
    assert joint.all_names == [Y0, R_INT, "Impedance noise standard deviation"]
    assert "4 data sets" in repr(joint)


def test_log_likelihood_is_the_sum_of_its_parts(joint):
    z = np.array([[0.1, 0.2, 0.3], [0.2, 0.1, -0.2]])
    total = 0.0
    for (_, channel), rows in zip(joint.channels(), joint.residuals(joint.predict(z)), strict=True):
        sd = joint.sizes(channel, joint.noise_values(z[:, 2:]))
        scale = channel.scale[channel.scored]
        total += np.sum(-0.5 * (rows / sd) ** 2 - np.log(sd * scale * np.sqrt(2 * np.pi)), axis=1)
    np.testing.assert_allclose(joint.log_likelihood(z), total, rtol=1e-10)


def test_derivatives_of_several_data(joint):
    z, step = np.array([0.1, 0.2]), 1e-4
    slopes = np.concatenate(joint.linearised(z)[1])
    for k, e in enumerate(np.eye(2)):
        above, below = (
            np.concatenate([r[0] for r in joint.residuals(joint.predict(each))])
            for each in (z + step * e, z - step * e)
        )
        numerical = (above - below) / (2 * step)
        np.testing.assert_allclose(slopes[:, k], numerical, atol=1e-4 * np.abs(numerical).max())


def test_a_joint_calibration_recovers_the_truth(joint):
    estimate = calibrate(joint, seed=5, starts=2)
    assert estimate.status_ == "converged"
    found = np.array([estimate.parameters_[name] - TRUTH[name] for name in TRUTH])
    assert found @ np.linalg.solve(estimate.covariance_, found) < 13.8  # chi-square, 2 degrees, 0.999
    assert set(estimate.predictions_) == {"slow", "fast", "spectrum", "resistances"}
    put_in = estimate.to_parameter_values(joint, "fast")
    assert put_in[PRESSURE] == 20.0
    assert put_in[R_INT] == pytest.approx(estimate.parameters_[R_INT])


def test_a_predictor_that_raises_is_counted_and_alone():
    from assb import models, parameters

    def predictor(p):
        if np.any(p[R_INT] > 0.05):
            raise RuntimeError("no such cell")
        return p[R_INT] * np.ones((1, 3))

    table = Table(np.full(3, 0.03), predictor, name="rows")
    problem = Problem(
        models.SPM(),
        parameters.get("NCM811_LPSCl_InLi"),
        [table],
        {R_INT: LogNormal(median=0.02, factor=5.0)},
    )
    z = np.array([[0.0, 0.0], [2.0, 0.0]])
    value = problem.log_likelihood(z)
    assert np.isfinite(value[0])
    assert np.isneginf(value[1])
    assert problem.failures == 1
    assert problem.failure_reasons == {"rows: RuntimeError: no such cell": 1}


def test_errors_of_several_data():
    from assb import models, parameters

    values, priors = parameters.get("NCM811_LPSCl_InLi"), {R_INT: LogNormal(median=0.02, factor=5.0)}
    one = rated("one", 1.0)
    with pytest.raises(ProblemError, match="the name 'one' repeats"):
        Problem(models.SPM(), values, [one, one], priors)
    with pytest.raises(ProblemError, match="data holds int"):
        Problem(models.SPM(), values, [3], priors)
    with pytest.raises(ProblemError, match="noise names 'volts'"):
        Problem(models.SPM(), values, [one], priors, noise={"volts": WhiteNoise(0.1)})
    with pytest.raises(ProblemError, match=r"did you mean .Stack pressure"):
        Problem(models.SPM(), values, [rated("x", 1.0, settings={"Stack pressure [Pa]": 1})], priors)
