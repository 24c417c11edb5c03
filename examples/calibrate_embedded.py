"""Calibration in Python: three parameters of the embedded measured cycle, no sampling.

Run: python examples/calibrate_embedded.py [--plot FILE]
The command `assb calibrate` does the whole job: ten parameters, posterior, report.
"""

from __future__ import annotations

import argparse

import numpy as np

import assb
from assb.fitting import Dataset, LogNormal, Problem, calibrate

#: Estimates of the full calibration (`assb calibrate`), held fixed here.
FIXED = {
    "Initial stoichiometry in positive electrode": 0.8546,
    "Positive electrode active fraction": 0.7905,
    "Positive particle diffusivity at stoichiometry 0.4 [m2.s-1]": 5.66e-16,
    "Positive particle diffusivity at stoichiometry 0.65 [m2.s-1]": 3.11e-16,
    "Positive particle diffusivity at stoichiometry 0.9 [m2.s-1]": 9.44e-17,
    "Negative electrode stripping charge scale [mA.h.cm-2]": 0.0859,
    "Positive electrode OCP correction 2 [V]": 0.0239,
}
PRIORS = {
    "Positive electrode interface resistance [Ohm.m2]": LogNormal(
        median=0.02, factor=5.0, source="assumption: 200 ohm cm2 of true contact area"
    ),
    "Negative electrode stripping resistance [Ohm.m2]": LogNormal(
        median=0.05, factor=5.0, source="assumption: 500 ohm cm2 once the accessible lithium is used up"
    ),
    "Solid electrolyte conductivity [S.m-1]": LogNormal(
        median=0.15, factor=1.5, source="Li6PS5Cl pellets, 0.9 to 1.9 mS/cm"
    ),
}


def plot(problem: Problem, estimate: object, file: str) -> None:
    """Measured and simulated voltage, and the residual."""
    from matplotlib.figure import Figure

    data = problem.data
    hours = data.time / 3600
    figure = Figure(figsize=(6, 5), layout="constrained")
    top, bottom = figure.subplots(2, 1, sharex=True, height_ratios=(2, 1))
    top.plot(hours, data.voltage, "k.", label="measured")
    top.plot(hours, estimate.voltages_, label="model")
    top.set_ylabel("Voltage [V]")
    top.legend()
    bottom.plot(hours, 1e3 * (data.voltage - estimate.voltages_), ".-")
    bottom.set_ylabel("Measured - model [mV]")
    bottom.set_xlabel("Time [h]")
    figure.savefig(file, dpi=150)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--plot", metavar="FILE", help="save a figure")
    arguments = parser.parse_args()
    values = assb.parameters.get("NCM811_LPSCl_InLi")
    values.update(FIXED)
    problem = Problem(
        assb.models.SPM(),
        values,
        [Dataset.embedded("nmc811_inli_cycle")],
        priors=PRIORS,
    )
    estimate = calibrate(problem, seed=0, starts=3)
    print(estimate)
    print(estimate.identifiability_)
    error = (estimate.voltages_ - problem.data.voltage)[problem.data.scored]
    print(f"error: {1e3 * np.sqrt(np.mean(error**2)):.1f} mV rms over {error.size} rows")
    fitted = estimate.to_parameter_values(problem)
    print(f"fitted ParameterValues: {len(fitted)} entries, ready for pybamm.Simulation")
    if arguments.plot:
        plot(problem, estimate, arguments.plot)


if __name__ == "__main__":
    main()
