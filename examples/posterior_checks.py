"""Simulation-based calibration of the SPM: are posteriors as wide as they should be?

Run: python examples/posterior_checks.py [--sets N] [--seed S] [--checkpoint FILE] [--json FILE] [--plot FILE]

Two discharges with voltage and stack pressure; five model parameters and three sizes of the noise are unknown.
docs/posterior_checks.md discusses the result, which docs/sbc.json holds.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

import assb
from assb.fitting import (
    CorrelatedNoise,
    Dataset,
    LogNormal,
    Normal,
    Problem,
    Tied,
    WhiteNoise,
    simulation_based_calibration,
)

P = "Positive electrode "
START = "Initial stoichiometry in positive electrode"
EXCHANGE = P + "reference exchange-current density [A.m-2]"
KNOTS = [f"Positive particle diffusivity at stoichiometry {knot} [m2.s-1]" for knot in (0.4, 0.65, 0.9)]
#: Mechanisms that a short record does not see are off, which makes a simulation take a tenth of a millisecond.
OPTIONS = {
    "stripping": "none",
    "space charge": "none",
    "interphase": "constant",
    "contact": "pressure",
    "reaction distribution": "uniform",
}
#: A charged cell, fit for 1C.
CHANGES = {START: 0.4, EXCHANGE: 3.0, KNOTS[0]: 5e-15, KNOTS[1]: 5e-15, KNOTS[2]: 2e-15}
#: Discharges: C-rate and hours, each with half an hour of rest.
DISCHARGES = ((0.2, 3.0), (1.0, 0.45))
REST = 1800.0
PRIORS = {
    KNOTS[1]: LogNormal(median=5e-15, factor=3.0),
    KNOTS[0]: Tied(KNOTS[1], 1.0),
    KNOTS[2]: Tied(KNOTS[1], 0.4),
    P + "interface resistance [Ohm.m2]": LogNormal(median=0.02, factor=2.0),
    P + "active fraction": Normal(mean=0.9, sd=0.03, upper=1.0),
    START: Normal(mean=0.4, sd=0.02),
    "Fixture stiffness [MPa.um-1]": LogNormal(median=0.7, factor=1.5),
}
NOISE = {
    "voltage": CorrelatedNoise(
        sd=LogNormal(median=0.003, factor=1.5), correlation_time=LogNormal(median=300.0, factor=1.5)
    ),
    "pressure": WhiteNoise(LogNormal(median=0.01, factor=1.5), "Pressure", "MPa"),
}


def make_problem() -> Problem:
    """The problem; its measured values are blank."""
    values = assb.parameters.get("NCM811_LPSCl_InLi")
    values.update(CHANGES)
    nominal = values["Nominal cell capacity [A.h]"]
    data = []
    for rate, hours in DISCHARGES:
        end, current = 3600 * hours, rate * nominal
        time = np.concatenate([[0.0], np.linspace(end / 40, end, 40), end + np.geomspace(20.0, REST, 10)])
        rows = np.where(time <= end, current, 0.0)
        blank = np.linspace(3.6, 3.3, time.size), np.full(time.size, 50.0)
        steps = [(end, current), (REST, 0.0)]
        data.append(Dataset(time, rows, blank[0], steps, f"{rate:g}C", pressure=blank[1]))
    return Problem(assb.models.SPM(OPTIONS), values, data, PRIORS, NOISE, threads=1, var_pts={"r_p": 12})


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--sets", type=int, default=5, help="simulated data sets")
    parser.add_argument("--seed", type=int, default=5)
    parser.add_argument("--checkpoint", metavar="FILE", help="written after each set, gone on from if there")
    parser.add_argument("--json", metavar="FILE", help="save the result")
    parser.add_argument("--plot", metavar="FILE", help="save a figure")
    arguments = parser.parse_args()
    resume = arguments.checkpoint is not None and Path(arguments.checkpoint).exists()
    result = simulation_based_calibration(
        make_problem(), arguments.sets, arguments.seed, checkpoint=arguments.checkpoint, resume=resume
    )
    print(result)
    if arguments.json:
        result.save(arguments.json)
    if arguments.plot:
        result.plot(arguments.plot)


if __name__ == "__main__":
    main()
