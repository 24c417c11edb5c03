"""Cells as members of a population, and several temperatures."""

from __future__ import annotations

import numpy as np
import pytest

from assb import models, parameters
from assb.fitting import (
    Dataset,
    LogNormal,
    Normal,
    PerDataset,
    Pooled,
    Problem,
    Table,
    WhiteNoise,
    calibrate,
    sample,
)

R_INT = "Positive electrode interface resistance [Ohm.m2]"
START = "Initial stoichiometry in positive electrode"
MEAN, SPREAD = "population mean", "population spread in prior sd"
TEMPERATURE = "Ambient temperature [K]"
DIFFUSION = "Positive particle diffusivity activation energy [J.mol-1]"
CONDUCTION = "Solid electrolyte conductivity activation energy [J.mol-1]"
#: Population of five cells: median [Ohm.m2], and sd of the logarithm as a share of the prior's.
MEDIAN, SHARE = 0.03, 0.3
FACTOR = 3.0


def cells_of_a_table(rng):
    """Five cells, each with six readings of its resistance."""
    resistances = MEDIAN * FACTOR ** (SHARE * rng.normal(size=5))
    noise = 0.002 * rng.normal(size=(5, 6))

    def predict(p):
        return p[R_INT] * np.ones((1, 6))

    data = [
        Table(r + n, predict, 0.002, f"cell {k}")
        for k, (r, n) in enumerate(zip(resistances, noise, strict=True))
    ]
    return Problem(
        models.SPM(),
        parameters.get("NCM811_LPSCl_InLi"),
        data,
        {R_INT: Pooled(LogNormal(median=0.02, factor=FACTOR))},
        {"table": WhiteNoise(1.0)},
    )


def pulses(name, current, **about):
    """Two charge pulses and rests, without measured values."""
    ends = np.cumsum([600.0, 600.0, 600.0, 600.0])
    time = np.concatenate([end - 600.0 + np.geomspace(20.0, 600.0, 8) for end in ends])
    steps = [(600.0, -current), (600.0, 0.0), (600.0, -2 * current), (600.0, 0.0)]
    on = np.select([time <= ends[0], time <= ends[1], time <= ends[2]], [-current, 0.0, -2 * current], 0.0)
    return Dataset(time, on, np.full(len(time), 3.0), steps, name, **about)


def with_values(problem, z, rng):
    """The data sets of a problem as they would be measured at coordinates z."""
    data = []
    for each, rows in zip(problem.observations, problem.predict(z), strict=True):
        channel, d = each.channels[0], each.data
        voltage = rows[0] + channel.draw(rng, channel.noise.complete(np.zeros(0)))
        data.append(Dataset(d.time, d.current, voltage, d.steps, d.name, settings=d.settings, cell=d.cell))
    return data


def cells_of_a_model(rng):
    """Five cells that differ in interface resistance and in their initial state."""
    values = parameters.get("NCM811_LPSCl_InLi")
    model = models.SPM({"space charge": "none", "contact": "pressure"})
    blank = [pulses(f"cell {k}", 0.33e-3) for k in range(5)]
    priors = {
        R_INT: Pooled(LogNormal(median=0.02, factor=FACTOR)),
        START: PerDataset(Normal(mean=0.865, sd=0.01)),
    }

    def problem(data):
        return Problem(model, values, data, priors, WhiteNoise(0.001), threads=1)

    empty = problem(blank)
    z = np.zeros((1, len(empty.names)))
    truth = {
        "Positive electrode interface resistance, population mean [Ohm.m2]": np.log(MEDIAN / 0.02)
        / np.log(FACTOR),
        f"Positive electrode interface resistance, {SPREAD}": np.log(SHARE / 0.2) / np.log(2.5),
    }
    for k, name in enumerate(empty.names):
        z[0, k] = truth.get(name, rng.normal())
    return problem(with_values(empty, z, rng))


def covered(problem, seed):
    start = calibrate(problem, seed=seed, starts=1)
    posterior = sample(problem, start, seed=seed, walkers=32, progress=False)
    name = next(name for name in problem.names if name.endswith(SPREAD))
    low, high = np.quantile(posterior.dataset_[name].values, (0.025, 0.975))
    return low <= SHARE <= high, posterior


def test_a_population_is_recovered():
    problem = cells_of_a_table(np.random.default_rng(5))
    estimate = calibrate(problem, seed=5, starts=2)
    assert estimate.status_ == "converged"
    for part, truth in ((MEAN, MEDIAN), (SPREAD, SHARE)):
        name = next(name for name in problem.names if name.endswith(part) or part in name)
        prior = problem.priors[name]
        sd = estimate.identifiability_.shrinkage[name]
        off = float(prior.to_coordinate(estimate.parameters_[name]) - prior.to_coordinate(truth))
        assert abs(off) < 3.3 * sd, name
        assert sd < 0.9, f"{name}: five cells say something of it"


def covered_by_laplace(problem, seed):
    """The same by the curvature at the maximum: a chain over five cells of a model takes minutes.

    The joint maximum lies at a larger spread than the marginal one (0.3 comes out as 0.34 to 0.76), but with the
    width that five cells leave; error bars to be quoted are those of the chain.
    """
    estimate = calibrate(problem, seed=seed, starts=2)
    name = next(name for name in problem.names if name.endswith(SPREAD))
    prior, sd = problem.priors[name], estimate.identifiability_.shrinkage[name]
    off = prior.to_coordinate(estimate.parameters_[name]) - prior.to_coordinate(SHARE)
    return abs(float(off)) <= 1.96 * sd, estimate


@pytest.mark.slow
@pytest.mark.parametrize(
    ("make", "judge"), [(cells_of_a_table, covered), (cells_of_a_model, covered_by_laplace)]
)
def test_the_population_sd_lies_in_its_interval(make, judge):
    rng = np.random.default_rng(5)
    inside = [judge(make(rng), 5)[0] for _ in range(20)]
    assert sum(inside) >= 18, inside


def test_activation_energies_are_recovered_from_three_temperatures():
    rng = np.random.default_rng(5)
    values = parameters.get("NCM811_LPSCl_InLi")
    model = models.SPM({"space charge": "none", "contact": "pressure"})
    blank = [
        pulses(f"{t - 273.15:.0f} C", 0.33e-3, settings={TEMPERATURE: t}) for t in (273.15, 298.15, 333.15)
    ]
    priors = {
        DIFFUSION: Normal(mean=3.0e4, sd=1.5e4),
        CONDUCTION: Normal(mean=3.0e4, sd=1.0e4),
        START: Normal(mean=0.865, sd=0.01),
        "Solid electrolyte conductivity [S.m-1]": LogNormal(median=0.2, factor=2.0),
    }
    problem = Problem(model, values, blank, priors, WhiteNoise(0.001), threads=1)
    truth = np.array([4.2e4, 3.6e4, 0.87, 0.15])
    data = with_values(problem, problem.to_coordinates(truth)[None], rng)
    estimate = calibrate(Problem(model, values, data, priors, WhiteNoise(0.001), threads=1), seed=5, starts=2)
    assert estimate.status_ == "converged"
    off = np.array([estimate.parameters_[name] - t for name, t in zip(priors, truth, strict=True)])
    assert off @ np.linalg.solve(estimate.covariance_, off) < 18.5  # chi-square, 4 degrees, 0.999
    for name in (DIFFUSION, CONDUCTION):
        assert estimate.sd_[name] < 4e3, "the data see it"
