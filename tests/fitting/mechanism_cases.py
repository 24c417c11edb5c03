"""A cell that lost contact and one whose interphase grew, alike in voltage at one pressure."""

from __future__ import annotations

import numpy as np

from assb import models, parameters
from assb.fitting import CorrelatedNoise, Dataset, LogNormal, Normal, Problem, Spectrum, Uniform, WhiteNoise

P = "Positive electrode "
DAMAGE, THICKNESS = P + "initial contact damage", P + "initial interphase thickness [m]"
START = "Initial stoichiometry in positive electrode"
EXCHANGE = P + "reference exchange-current density [A.m-2]"
KNOTS = (0.4, 0.65, 0.9)
DIFFUSIVITY = {
    f"Positive particle diffusivity at stoichiometry {knot} [m2.s-1]": value
    for knot, value in zip(KNOTS, (5e-15, 5e-15, 2e-15), strict=True)
}
#: Charged, fit for 1C, limited by the film at its interface: as in docs/contact_or_interphase.md.
CHANGES = {START: 0.38, EXCHANGE: 3.0, **DIFFUSIVITY}
#: What else is not known exactly.
NUISANCES = {
    START: Normal(mean=0.38, sd=0.01),
    P + "active fraction": Normal(mean=0.9, sd=0.02),
    P + "interface resistance [Ohm.m2]": LogNormal(median=0.02, factor=1.1),
    EXCHANGE: LogNormal(median=3.0, factor=1.2),
    P + "double-layer capacity [F.m-2]": LogNormal(median=0.1, factor=1.1),
    "Negative electrode exchange-current density [A.m-2]": LogNormal(median=20.0, factor=1.5),
}
LOSS, GROWTH = "contact loss", "interphase growth"
AGEING = {
    LOSS: (DAMAGE, Uniform(lower=0.0, upper=0.8)),
    GROWTH: (THICKNESS, Uniform(lower=0.2e-9, upper=80e-9)),
}
FREQUENCY = np.geomspace(1e-2, 500.0, 25)
NOISE = {
    "voltage": CorrelatedNoise(sd=2e-3, correlation_time=600.0, white_sd=2e-4),
    "impedance": WhiteNoise(0.01, "Impedance", "-"),
}


def blank(capacity, spectrum):
    """Data sets without measured values: a discharge at C/3 and one at 1C, and a spectrum between."""
    sets = []
    for name, rate, hours in (("C/3", 1 / 3, 1.6), ("1C", 1.0, 0.45)):
        end = 3600 * hours
        time = np.concatenate([np.linspace(end / 20, end, 20), end + np.geomspace(30, 1800, 6)])
        current = np.where(time <= end, rate * capacity, 0.0)
        steps = [(end, rate * capacity), (1800.0, 0.0)]
        sets.append(Dataset(time, current, np.full(len(time), 3.0), steps, name))
    if spectrum:
        impedance = np.full(len(FREQUENCY), 1 - 1j)
        sets.append(Spectrum(FREQUENCY, impedance, shifts={START: 0.2}))
    return sets


def problem(hypothesis, data):
    values = parameters.get("NCM811_LPSCl_InLi")
    values.update(CHANGES)
    name, prior = AGEING[hypothesis]
    priors = {name: prior, **NUISANCES}
    model = models.SPM({"stripping": "none", "surface form": "differential"})
    return Problem(model, values, data, priors, NOISE, threads=1)


def measured(truth, value, spectrum, rng):
    """Noisy data of a cell aged in one way, and the nuisances at a draw of their priors."""
    capacity = parameters.get("NCM811_LPSCl_InLi")["Nominal cell capacity [A.h]"]
    empty = problem(truth, blank(capacity, True))
    z = empty.knowledge.draw(rng, 1)
    z[0, 0] = AGEING[truth][1].to_coordinate(value)
    found = []
    for each, rows in zip(empty.observations, empty.predict(z), strict=True):
        channel = each.channels[0]
        noisy = rows[0] + channel.draw(rng, channel.noise.complete(np.zeros(0)))
        if isinstance(each.data, Spectrum):
            real, imaginary = np.split(noisy, 2)
            found.append(Spectrum(FREQUENCY, real + 1j * imaginary, shifts={START: 0.2}))
        else:
            d = each.data
            found.append(Dataset(d.time, d.current, noisy, d.steps, d.name))
    return found if spectrum else found[:2]
