"""Random parameters, from the priors of the default calibration, and random protocols."""

from __future__ import annotations

import numpy as np

from assb.fitting.config import load_config, make_parameter_values
from assb.models.compiled import Step

#: Voltages [V] against In-Li between which the cell is cycled.
LIMITS = (2.0, 3.7)


def default_priors():
    """Names and priors of the default calibration, and the parameter values they belong to."""
    config, _, _ = load_config()
    return {entry.name: entry.to_prior() for entry in config.parameters}, make_parameter_values(config)


def draw(priors, n, seed):
    """(n, n_parameters) values."""
    rng = np.random.default_rng(seed)
    return np.column_stack([prior.draw(rng, n) for prior in priors.values()])


def protocol(rng, capacity, low, high):
    """One of five kinds, 0.1C to 2C: charge first, as the cell starts discharged."""
    rate = capacity * 10 ** rng.uniform(-1, np.log10(2))
    other = capacity * 10 ** rng.uniform(-1, np.log10(2))
    charge, discharge = Step.current(-rate, until=high), Step.current(other, until=low)
    kind = rng.integers(5)
    if kind == 0:
        return [charge, Step.rest(3600.0), discharge, Step.rest(1800.0)]
    if kind == 1:
        hold = Step.voltage(high, until_current=capacity / 50, duration=2 * 3600.0)
        return [charge, hold, Step.rest(600.0), discharge]
    if kind == 2:
        limit = Step.current(-rate, until=high, duration=float(rng.uniform(60, 1200)))
        return [step for _ in range(6) for step in (limit, Step.rest(float(rng.uniform(60, 3600))))]
    if kind == 3:
        return [Step.power(-3.5 * rate, until=high), Step.rest(60.0), Step.power(3.3 * other, until=low)]
    seconds = rng.uniform(5, 120, 40)
    amperes = capacity * rng.uniform(-2, 1.5, 40)
    return [
        Step.current(float(a), until=high if a < 0 else low, duration=float(s))
        for s, a in zip(seconds, amperes, strict=True)
    ]
