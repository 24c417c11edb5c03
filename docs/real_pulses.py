"""A measured record of current pulses: the first half fitted, the second half predicted.

Run: ASSB_DATA=FOLDER python docs/real_pulses.py --population docs/real_spectra.json [--json FILE]

The cell is another one of the kind of docs/real_spectra.py. What it may be is a population of which the
two cells of the spectra are members: its parameters are theirs (fits with exponents), but for an offset of its
own. Cathode and foil have their constant-phase exponents in time, too, and transfer coefficients, which a spectrum
cannot see.
"""

from __future__ import annotations

import argparse
import itertools
import json
import math
import os
from pathlib import Path

import numpy as np
from real_spectra import C_N, CONTACT_C, EXPONENTS, FILM_C, I0_N, OPTIONS, PRIORS, SEED, TIES, GradedDFN, cell

from assb.fitting import CorrelatedNoise, Dataset, LogNormal, Normal, Problem, calibrate

RECORD = Path("hybrid_drt_ssb") / "CP_SSB_hybrid_0p01C.csv"
Y0 = "Initial stoichiometry in positive electrode"
#: Current [A] below which the cell rests; the pulses have 8.4e-6 A.
REST_CURRENT = 4e-6
#: Rows kept for each decade of time after a switch.
PER_DECADE = 12
#: Least factor between cells of one kind: nominally equal ones differ by 10 to 20 % and more.
LEAST_FACTOR = 1.3
#: Separator, film and contacts are resistances in time: their capacitances are not seen.
UNSEEN = ("Separator grain capacitance [F.m-2]", FILM_C, CONTACT_C)
#: Both interfaces relax over a range of times, as in the spectra.
IN_TIME = {
    **OPTIONS,
    "positive interface dispersion": "distributed",
    "negative interface dispersion": "distributed",
    "intercalation kinetics": "asymmetric Butler-Volmer",
}
#: Spectra are linear and do not see them.
TRANSFER = {
    f"{electrode} electrode Butler-Volmer transfer coefficient": Normal(
        mean=0.5, sd=0.1, lower=0.1, upper=0.9, source="assumption: 0.3 to 0.7 is what kinetic studies report"
    )
    for electrode in ("Positive", "Negative")
}
#: Least standard deviation of an exponent between cells of one kind.
LEAST_EXPONENT_SD = 0.05
SEEN_IN_TIME = [name for name in PRIORS if name not in UNSEEN]
TIES_TO = next(iter(TIES.values())).to
VAR_PTS = {"x_p": 12, "r_p": 16, "x_n": 2, "r_n": 2}
#: Written before the fit: the response is some mV, the instrument scatters by 0.03 mV.
NOISE = CorrelatedNoise(
    sd=LogNormal(median=2e-4, factor=3.0, source="assumption: a few per cent of 15 mV"),
    correlation_time=LogNormal(
        median=1.0, factor=10.0, source="assumption: within the pulses of 0.1 to 10 s"
    ),
    white_sd=LogNormal(median=3e-5, factor=3.0, source="scatter of the rest before the pulses"),
)


def find_record() -> Path | None:
    """The record in the folder that the environment variable ASSB_DATA names, if it is there."""
    path = Path(os.environ.get("ASSB_DATA", "/nowhere")) / RECORD
    return path if path.is_file() else None


def read_record(path: Path) -> tuple[Dataset, float]:
    """All rows of the record, and the rest voltage before the pulses [V]."""
    time, current, voltage = np.loadtxt(path, delimiter=",", skiprows=1, unpack=True)
    time, current = time - time[0], -1e-3 * current  # discharge positive
    level = np.where(np.abs(current) > REST_CURRENT, np.sign(current), 0)
    starts = np.concatenate([[0], np.flatnonzero(np.diff(level)) + 1, [len(time)]])
    edges = [0.0, *(0.5 * (time[k - 1] + time[k]) for k in starts[1:-1]), time[-1]]
    sizes = [float(current[a:b].mean()) if level[a] else 0.0 for a, b in itertools.pairwise(starts)]
    steps = list(zip(np.diff(edges).tolist(), sizes, strict=True))
    known = np.concatenate(
        [np.full(b - a, size) for a, b, size in zip(starts[:-1], starts[1:], sizes, strict=True)]
    )
    rest = float(voltage[: starts[1]].mean())
    return Dataset(time, known, voltage, steps, name="pulses"), rest


def thinned(data: Dataset, last: float | None = None) -> Dataset:
    """Rows at even steps in the logarithm of the time since the last switch, up to the time `last` [s]."""
    last = data.time[-1] if last is None else last
    kept, start, steps = [0], 0.0, []
    for duration, current in data.steps:
        if start >= last:
            break
        since = np.geomspace(5e-4, duration, max(2, round(PER_DECADE * math.log10(duration / 5e-4))))
        rows = np.searchsorted(data.time, start + since)
        kept += [
            k for k in rows if k < len(data.time) and start < data.time[k] <= min(start + duration, last)
        ]
        steps.append((min(duration, last - start), current))
        start += duration
    rows = np.unique(kept)
    rows = rows[data.time[rows] <= sum(duration for duration, _ in steps) + 1e-12]
    return Dataset(data.time[rows], data.current[rows], data.voltage[rows], steps, name=data.name)


def population(estimates: dict[str, dict[str, float]]) -> dict[str, LogNormal | Normal]:
    """Priors of another cell of the kind, from the estimates of several.

    Log-normal about the mean of the logarithms, exponents normal about the mean; the spread is that between the
    cells, at least :data:`LEAST_FACTOR` or :data:`LEAST_EXPONENT_SD`, with the uncertainty of the mean of so few.
    """
    cells = list(estimates.values())
    wider, source = math.sqrt(1 + 1 / len(cells)), "the cells of the spectra"
    priors: dict[str, LogNormal | Normal] = {}
    for name in SEEN_IN_TIME:
        logs = np.log([each[name] for each in cells])
        spread = max(float(np.std(logs, ddof=1)), math.log(LEAST_FACTOR)) * wider
        priors[name] = LogNormal(median=float(np.exp(logs.mean())), factor=math.exp(spread), source=source)
    for name in EXPONENTS:
        found = np.array([each[name] for each in cells])
        spread = max(float(np.std(found, ddof=1)), LEAST_EXPONENT_SD) * wider
        priors[name] = Normal(mean=float(found.mean()), sd=spread, lower=0.3, upper=1.0, source=source)
    return priors | TRANSFER


def pulse_problem(data: Dataset, rest: float, priors: dict[str, LogNormal | Normal]) -> Problem:
    """Calibration of the cell to a pulse record."""
    values = cell(rest)
    y = values[Y0]
    values.update({name: getattr(prior, "median", None) or prior.mean for name, prior in priors.items()})
    values.update(dict.fromkeys(TIES, values[TIES_TO]))
    # A scale, no capacity: the compiled model is checked against IDAKLU at a tenth of it, the pulses here. At
    # a tenth of the true capacity the surfaces of so slow a material would be full within the minute.
    values["Nominal cell capacity [A.h]"] = 10 * float(np.abs(data.current).max())
    rest_prior = Normal(mean=y, sd=0.001, source="rest voltage before the pulses, to about 1 mV")
    return Problem(
        GradedDFN(IN_TIME),
        values,
        [data],
        {**priors, **TIES, Y0: rest_prior},
        NOISE,
        threads=1,
        var_pts=VAR_PTS,
    )


def predict_second_half(path: Path, estimates: dict[str, dict[str, float]], starts: int = 3) -> dict:
    """Fit the first half of the record, predict the second.

    Returns
    -------
    dict
        "fitted" and "predicted": root mean square of the error over that of the response, voltage less the
        rest voltage before the pulses, over all rows of a half; "parameters", "sd", "rows"; "curve" for a figure.
    """
    record, rest = read_record(path)
    half = 0.5 * record.time[-1]
    priors = population(estimates)
    problem = pulse_problem(thinned(record, half), rest, priors)
    estimate = calibrate(problem, seed=SEED, starts=starts)
    whole = pulse_problem(record, rest, priors)
    z = estimate.z_[: len(problem.names)]
    voltage = whole.voltages(z)[0]
    before = whole.voltages(np.zeros_like(z))[0]
    response, second = record.voltage - rest, record.time > half

    def share(predicted: np.ndarray, rows: np.ndarray) -> float:
        error = predicted - record.voltage
        return float(np.sqrt(np.mean(error[rows] ** 2) / np.mean(response[rows] ** 2)))

    shown = np.searchsorted(record.time, thinned(record).time)
    return {
        "fitted": share(voltage, ~second),
        "predicted": share(voltage, second),
        "predicted_log_rows": share(voltage, np.isin(np.arange(len(second)), shown) & second),
        "predicted_from_the_population": share(before, second),
        "rest_voltage_V": rest,
        "status": estimate.status_,
        "scored_rows": problem.scored_rows,
        "parameters": estimate.parameters_,
        "sd": estimate.sd_,
        "shrinkage": estimate.identifiability_.to_dict()["shrinkage"],
        "offset_in_population_sd": dict(zip(problem.names, map(float, z), strict=True)),
        "curve": {
            "time_s": record.time[shown].tolist(),
            "measured_V": record.voltage[shown].tolist(),
            "model_V": voltage[shown].tolist(),
            "half_s": float(half),
        },
    }


def main() -> None:
    """Make the numbers and print them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--population", type=Path, required=True, help="JSON of docs/real_spectra.py")
    parser.add_argument("--starts", type=int, default=3)
    parser.add_argument("--json", type=Path, help="write the result here")
    arguments = parser.parse_args()
    path = find_record()
    if path is None:
        print(f"no record: set ASSB_DATA to a folder that holds {RECORD}")
        return
    spectra = json.loads(arguments.population.read_text(encoding="utf-8"))
    estimates = {name: fits["dispersed"]["parameters"] for name, fits in spectra["cells"].items()}
    found = predict_second_half(path, estimates, arguments.starts)
    print(
        f"first half {100 * found['fitted']:.1f} %, second half predicted {100 * found['predicted']:.1f} % rms"
    )
    for name in (I0_N, C_N, *EXPONENTS, *TRANSFER):
        print(f"  {name}: {found['parameters'][name]:.3g} +- {found['sd'][name]:.2g}")
    if arguments.json:
        arguments.json.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
