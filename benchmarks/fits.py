"""Fits and posteriors of PyBaMM's SPM against PyBOP: same model, same data, same cost; one core each.

PyBOP caps NumPy, so it lives in an environment of its own, ``.venv-pybop`` (made by ``make bench``), and runs as
a process between two runs of ours.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import emcee
import numpy as np
import pybamm

from assb.fitting import Dataset, Problem, Uniform, WhiteNoise, calibrate, sample

ROOT = Path(__file__).resolve().parent.parent
PEER = ROOT / ".venv-pybop" / "bin" / "python"
SIGMA, CURRENT, ROWS, SEED = 0.002, 5.0, 181, 5
#: Unknown, range, and whether it is searched in its logarithm.
PARAMETERS = (
    ("Contact resistance [Ohm]", 0.001, 0.05, False),
    ("Negative electrode active material volume fraction", 0.6, 0.9, False),
    ("Positive particle diffusivity [m2.s-1]", 4e-16, 4e-14, True),
)
TRUTH = np.array([0.012, 0.75, 4e-15])
STARTS = 6


class LogUniform(Uniform):
    """Uniform in the logarithm: what PyBOP's transformation searches in."""

    def to_coordinate(self, x):
        return (np.log(x) - self._middle) / self._width

    def to_value(self, z):
        return np.exp(self._middle + self._width * z)

    def slope(self, z):
        return self.to_value(z) * self._width

    @property
    def _middle(self):
        return 0.5 * np.log(self.lower * self.upper)

    @property
    def _width(self):
        return np.log(self.upper / self.lower) / np.sqrt(12)


def problem(voltage=None, start=None) -> Problem:
    """The task with our library."""
    values = pybamm.ParameterValues("Chen2020")
    values.update({"Contact resistance [Ohm]": 0.01}, check_already_exists=False)
    for (name, *_), value in zip(PARAMETERS, TRUTH if start is None else start, strict=True):
        values[name] = float(value)
    time_ = np.linspace(0.0, 2700.0, ROWS)
    voltage = np.full(ROWS, 3.5) if voltage is None else voltage
    data = Dataset(time_, np.full(ROWS, CURRENT), voltage, [(2700.0, CURRENT)], "discharge")
    priors = {
        name: (LogUniform if logarithmic else Uniform)(lower=low, upper=high)
        for name, low, high, logarithmic in PARAMETERS
    }
    model = pybamm.lithium_ion.SPM({"contact resistance": "true"})
    return Problem(model, values, [data], priors, WhiteNoise(SIGMA), threads=1)


def cost(task: Problem, estimate) -> float:
    """Sum of squares over the rows after the start [V2]."""
    return float(np.sum((estimate.voltages_ - task.data.voltage)[task.data.scored] ** 2))


def ours(voltage, starts) -> tuple[list[float], list[float], list[float]]:
    """Seconds and costs of one fit from each start, and the best values."""
    seconds, costs, best = [], [], []
    for start in starts:
        task = problem(voltage, start)
        task.linearised(np.zeros(len(PARAMETERS)))  # libraries are loaded
        clock = time.perf_counter()
        estimate = calibrate(task, seed=SEED, starts=1)
        seconds.append(time.perf_counter() - clock)
        costs.append(cost(task, estimate))
        if costs[-1] == min(costs):
            best = [estimate.parameters_[name] for name, *_ in PARAMETERS]
    return seconds, costs, best


def effective(chains: np.ndarray) -> float:
    """Smallest effective sample size after the first third, of chains (chains, iterations, unknowns)."""
    kept = np.swapaxes(chains[:, chains.shape[1] // 3 :], 0, 1)
    tau = emcee.autocorr.integrated_time(kept, tol=0, quiet=True)
    return float(kept.shape[0] * kept.shape[1] / np.max(tau))


def _finite(value: float) -> float | None:
    """A number, or nothing where chains never moved."""
    return float(value) if np.isfinite(value) else None


def posterior(voltage) -> dict:
    """Samples and effective samples a minute of ours."""
    task = problem(voltage)
    start = calibrate(task, seed=SEED, starts=1)
    clock = time.perf_counter()
    found = sample(task, start, seed=SEED, walkers=64, max_steps=4000, progress=False, effective_samples=1e9)
    seconds = time.perf_counter() - clock
    steps, walkers = found.sampling_["steps"], found.sampling_["walkers"]
    return {
        "samples_per_min": 60 * steps * walkers / seconds,
        "ess_per_min": 60 * found.sampling_["ess_min"] / seconds,
        "seconds": seconds,
        "sd": [found.sd()[name] for name, *_ in PARAMETERS],
    }


def peer(task: dict) -> tuple[dict, dict]:
    """Report and chains of PyBOP."""
    with tempfile.TemporaryDirectory() as folder:
        given, result = Path(folder) / "task.json", Path(folder) / "result.npz"
        given.write_text(json.dumps(task), encoding="utf-8")
        interpreter = os.environ.get("ASSB_PYBOP", str(PEER))
        script = Path(__file__).with_name("peer_pybop.py")
        subprocess.run([interpreter, str(script), str(given), str(result)], check=True)
        with np.load(result) as stream:
            arrays = {name: stream[name] for name in stream.files if name != "report"}
            return json.loads(str(stream["report"])), arrays


def measure(iterations: int = 5000) -> dict:
    """Rows map_vs_pybop and posterior_vs_pybop."""
    clock = time.perf_counter()
    blank = problem()
    blank.linearised(np.zeros(len(PARAMETERS)))
    build = time.perf_counter() - clock
    rng = np.random.default_rng(SEED)
    voltage = blank.voltages(blank.to_coordinates(TRUTH))[0] + SIGMA * rng.normal(size=ROWS)
    # At the start PyBOP compares with the current on; our likelihood leaves that row out.
    voltage[0] = voltage[1]
    edge = blank.bounds[1][: len(PARAMETERS)]
    starts = [
        blank.to_values(0.6 * rng.uniform(-1, 1, len(PARAMETERS)) * edge).tolist() for _ in range(STARTS)
    ]
    before, costs, optimum = ours(voltage, starts)
    task = {
        "time": np.linspace(0.0, 2700.0, ROWS).tolist(),
        "voltage": voltage.tolist(),
        "current": CURRENT,
        "sigma": SIGMA,
        "parameters": PARAMETERS,
        "starts": starts,
        "best": TRUTH.tolist(),
        "optimum": optimum,
        "iterations": iterations,
    }
    report, chains = peer(task)
    threshold = report["threshold"]
    after, *_ = ours(voltage, starts)
    mine = median(before + after)
    fits = {}
    for method, rows in report["fits"].items():
        reached = [seconds for seconds, value, _ in rows if value <= threshold * 1.001]
        fits[method] = {
            "reached": f"{len(reached)} of {STARTS}",
            "ms": 1e3 * median(row[0] for row in rows) if rows else None,
            "ms_reached": 1e3 * median(reached) if len(reached) >= STARTS / 2 else None,
        }
    gradient = {m: f["ms_reached"] for m, f in fits.items() if m != "CMAES" and f["ms_reached"]}
    fastest = min(gradient, key=lambda m: gradient[m]) if gradient else None
    cma = fits["CMAES"]["ms_reached"]
    own = posterior(voltage)
    theirs = {
        method: {
            "samples_per_min": 60 * chains[method].shape[0] * chains[method].shape[1] / seconds,
            "ess_per_min": _finite(60 * effective(chains[method]) / seconds),
        }
        for method, seconds in report["samplers"].items()
    }
    # Chains that never moved have no effective samples, and their speed means nothing.
    moving = [method for method in theirs if theirs[method]["ess_per_min"]]
    most = max(moving, key=lambda m: theirs[m]["samples_per_min"])
    best = max(theirs, key=lambda m: theirs[m]["ess_per_min"] or 0.0)
    about = {"peer": f"PyBOP {report['version']}", "errors": report["errors"]}
    return {
        "map_vs_pybop": {
            "ratio": gradient[fastest] / (1e3 * mine) if fastest else None,
            "ratio_cmaes": cma / (1e3 * mine) if cma else None,
            "ours_ms": 1e3 * mine,
            "ours_reached": f"{sum(c <= min(costs) + SIGMA**2 for c in costs)} of {STARTS}",
            "fastest_gradient": fastest,
            "fits": fits,
            "build_s": build,
            "note": "to within half a log unit of the optimum, medians over the starts that reach it",
            **about,
        },
        "posterior_vs_pybop": {
            "ratio": own["samples_per_min"] / theirs[most]["samples_per_min"],
            "ratio_effective": own["ess_per_min"] / theirs[best]["ess_per_min"],
            "ours": own,
            "theirs": theirs,
            "note": f"samples a minute against {most}, effective samples a minute against {best}",
            **about,
        },
    }


if __name__ == "__main__":
    print(json.dumps(measure(int(sys.argv[1]) if len(sys.argv) > 1 else 5000), indent=2))
