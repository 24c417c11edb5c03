"""Calibrate on everything but the charge of a measured cycle, and predict the charge.

Run: python examples/predict_charge.py [--plot FILE] [--starts N]
"""

from __future__ import annotations

import argparse

import numpy as np

from assb.fitting import Dataset, Estimate, Problem, calibrate
from assb.fitting import config as configuration

#: Rest [s] put before the record, so that its first voltage, before the current, counts.
BEFORE = 60.0
#: Open-circuit corrections are left out: fitted to the discharge alone they take up what belongs to the kinetics.
LEFT_OUT = "OCP correction"


def problem() -> tuple[Problem, np.ndarray]:
    """The calibration problem, and which rows are the charge, shape (n,)."""
    config, _, folder = configuration.load_config(None)
    record = configuration.make_dataset(config, folder)
    charge = np.concatenate([[False], record.segment == "charge"])
    charge[1] = False  # the first row of the record is the voltage before the charge
    data = Dataset(
        np.concatenate([[0.0], record.time + BEFORE]),
        np.concatenate([[0.0, 0.0], record.current[1:]]),
        np.concatenate([record.voltage[:1], record.voltage]),
        [(BEFORE, 0.0), *record.steps],
        "all but the charge",
        mask=~charge,
    )
    priors = {p.name: p.to_prior() for p in config.parameters if LEFT_OUT not in p.name}
    values, model = configuration.make_parameter_values(config), configuration.make_model(config)
    return Problem(model, values, [data], priors, config.noise.to_noise()), charge


def errors(fitted: Problem, estimate: Estimate) -> np.ndarray:
    """Predicted minus measured voltage of every row [mV]."""
    return 1e3 * (estimate.voltages_ - fitted.data.voltage)


def draw(fitted: Problem, estimate: Estimate, charge: np.ndarray, file: str) -> None:
    """What was fitted, what was predicted, and the errors."""
    import matplotlib.pyplot as plt

    hours, data = fitted.data.time / 3600, fitted.data
    figure, (top, bottom) = plt.subplots(2, 1, sharex=True, figsize=(6.5, 4.6), layout="constrained")
    top.plot(hours, estimate.voltages_, color="#1f2a37", label="model")
    for rows, colour, label in ((~charge, "#0072b2", "fitted"), (charge, "#d55e00", "predicted")):
        top.plot(hours[rows], data.voltage[rows], "o", ms=4, color=colour, label=label)
        bottom.plot(hours[rows], errors(fitted, estimate)[rows], "o", ms=4, color=colour)
    bottom.axhline(0.0, color="#8a949e", lw=0.8)
    top.set_ylabel("Voltage [V]")
    top.legend(frameon=False)
    bottom.set(xlabel="Time [h]", ylabel="Model $-$ measured [mV]")
    figure.savefig(file, dpi=150)


def main() -> None:
    """Fit, predict, print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--plot", metavar="FILE")
    parser.add_argument("--starts", type=int, default=8)
    arguments = parser.parse_args()
    fitted, charge = problem()
    estimate = calibrate(fitted, seed=5, starts=arguments.starts, progress=print)
    print(estimate)
    off, scored = errors(fitted, estimate), fitted.data.scored
    print(f"fitted rows:  {np.sqrt(np.mean(off[scored] ** 2)):.1f} mV rms")
    print(
        f"the charge:   {np.sqrt(np.mean(off[charge] ** 2)):.1f} mV rms, at most {np.abs(off[charge]).max():.0f} mV"
    )
    if arguments.plot:
        draw(fitted, estimate, charge, arguments.plot)


if __name__ == "__main__":
    main()
