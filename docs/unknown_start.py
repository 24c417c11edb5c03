"""Ten long records with unknown initial stoichiometries: multiple shooting against single shooting.

Run with ``python docs/unknown_start.py``; writes ``docs/unknown_start.json``, which the page Calibration quotes. Ten
synthetic records of the cell Oh2026_LTO (Ni-rich cathode against LTO), 4,000 rows and 2 mV of white noise each, from
parameters drawn from their priors (seed 5). Draws that cannot be simulated, or leave 1 to 3 V, are replaced.
"""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import numpy as np

SEED, CASES, ROWS, NOISE_V = 5, 10, 4000, 0.002
#: Hours, and current over the nominal capacity per hour.
STEPS = [(0.5, 0), (4, -0.1), (0.5, 0), (3.2, 0.1), (0.5, 0), (0.5, -0.5), (0.5, 0), (1 / 3, 0.5), (0.5, 0)]
PATH = Path(__file__).with_suffix(".json")


def priors(values: Any) -> dict[str, Any]:
    """Two initial stoichiometries and five parameters."""
    from assb.fitting import LogNormal, Normal

    assumed = "assumption, of a synthetic record"
    spread = {
        "Positive electrode interface resistance [Ohm.m2]": 2.0,
        "Positive electrode reference exchange-current density [A.m-2]": 2.0,
        "Positive particle diffusivity at stoichiometry 0.65 [m2.s-1]": 2.0,
        "Positive particle diffusivity at stoichiometry 0.9 [m2.s-1]": 2.0,
    }
    return {
        "Initial stoichiometry in positive electrode": Normal(
            mean=0.93, sd=0.02, upper=0.985, source=assumed
        ),
        "Initial stoichiometry in negative electrode": Normal(
            mean=0.06, sd=0.02, lower=0.005, source=assumed
        ),
        "Positive electrode active fraction": Normal(mean=0.93, sd=0.03, upper=1.0, source=assumed),
        **{
            name: LogNormal(median=float(values[name]), factor=factor, source=assumed)
            for name, factor in spread.items()
        },
    }


def make_problem(voltage: np.ndarray | None = None, threads: int | None = 1) -> Any:
    """Problem with a record of these voltages [V], shape (ROWS,)."""
    from assb import models, parameters
    from assb.fitting import Dataset, Problem, WhiteNoise

    values = parameters.get("Oh2026_LTO")
    capacity = float(values["Nominal cell capacity [A.h]"])
    steps = [(3600.0 * hours, rate * capacity) for hours, rate in STEPS]
    ends = np.cumsum([duration for duration, _ in steps])
    rows = np.linspace(0.0, ends[-1], ROWS + 1)[1:]
    current = np.array([steps[k][1] for k in np.searchsorted(ends - 1e-6, rows).clip(max=len(steps) - 1)])
    voltage = np.full(ROWS, 2.0) if voltage is None else voltage
    data = Dataset(rows, current, voltage, steps, name="record")
    model = models.SPM({"negative": "composite"})
    noise = WhiteNoise(NOISE_V)
    return Problem(model, values, [data], priors(values), noise, backend="compiled", threads=threads)


def records() -> list[tuple[np.ndarray, np.ndarray]]:
    """Coordinates of the truth and voltages [V] of every record."""
    rng, blank, found = np.random.default_rng(SEED), make_problem(), []
    while len(found) < CASES:
        truth = np.array([prior.draw(rng, 1)[0] for prior in blank.priors.values()])
        noise = NOISE_V * rng.standard_normal(ROWS)
        z = blank.to_coordinates(truth)
        voltage = blank.voltages(z)[0]
        if np.isfinite(voltage).all() and voltage.min() > 1.0 and voltage.max() < 3.0:
            found.append((z, voltage + noise))
    return found


def compare(truth: np.ndarray, voltage: np.ndarray) -> dict[str, Any]:
    """Both estimates of one record, and their difference in posterior standard deviations."""
    from assb.fitting import calibrate, calibrate_nlp

    problem = make_problem(voltage)
    clock, cpu = time.perf_counter(), time.process_time()
    joined = calibrate_nlp(problem, seed=SEED)
    seconds, cpu = time.perf_counter() - clock, time.process_time() - cpu
    one = calibrate(problem, seed=SEED, starts=1)
    several = calibrate(problem, seed=SEED)
    sd = np.sqrt(np.diag(several.identifiability_.covariance))
    off = several.z_ - truth
    return {
        "status": joined.status_,
        "largest_difference_sd": float(np.abs((joined.z_ - several.z_) / sd).max()),
        "log_posterior": joined.log_posterior_,
        "log_posterior_shooting": several.log_posterior_,
        "starts_at_the_optimum": sum(
            each["log_posterior"] is not None and each["log_posterior"] > several.log_posterior_ - 0.1
            for each in several.starts_
        ),
        "mahalanobis_of_truth": float(off @ np.linalg.solve(several.identifiability_.covariance, off)),
        "seconds": seconds,
        "cpu_seconds": cpu,
        "seconds_shooting_one_start": one.seconds,
        "seconds_shooting_eight_starts": several.seconds,
        "iterations": [each["iterations"] for each in joined.starts_],
        "rows": [each["rows"] for each in joined.starts_],
        "unknowns": joined.starts_[-1]["unknowns"],
    }


def timings(voltage: np.ndarray) -> dict[str, float]:
    """Wall and processor time [s] of both methods, once more."""
    from assb.fitting import calibrate, calibrate_nlp

    found = {}
    for name, run in (
        ("multiple_shooting", lambda problem: calibrate_nlp(problem, seed=SEED)),
        ("shooting_one_start", lambda problem: calibrate(problem, seed=SEED, starts=1)),
    ):
        problem = make_problem(voltage)
        clock, cpu = time.perf_counter(), time.process_time()
        run(problem)
        found[f"{name}_seconds"] = time.perf_counter() - clock
        found[f"{name}_cpu_seconds"] = time.process_time() - cpu
    return found


def main() -> None:
    """All ten records."""
    from assb.files import write_json
    from assb.fitting.transcription import MultipleShooting

    clock = time.perf_counter()
    problem = make_problem()
    problem.linearised(np.zeros(len(problem.names)))
    problem.voltages(np.zeros((2, len(problem.names))))
    shared = time.perf_counter() - clock
    clock = time.perf_counter()
    MultipleShooting(problem, 8)
    built = {"model_and_shooting_s": shared, "pieces_s": time.perf_counter() - clock}
    cases, made = [], records()
    for truth, voltage in made:
        cases.append(compare(truth, voltage))
        print(len(cases), cases[-1], flush=True)
    again = [timings(voltage) for _, voltage in made]
    about = {"seed": SEED, "rows": ROWS, "noise_V": NOISE_V, "build": built}
    write_json(PATH, {**about, "cases": cases, "timed_again": again})


if __name__ == "__main__":
    main()
