"""PyBOP's side of benchmarks/fits.py, run by the interpreter of an environment that has PyBOP (26.3).

Run: python benchmarks/peer_pybop.py TASK.json RESULT.npz
"""

from __future__ import annotations

import json
import os
import sys
import time

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"
os.environ["PYBAMM_DISABLE_TELEMETRY"] = "true"

import numpy as np  # noqa: E402
import pybamm  # noqa: E402
import pybop  # noqa: E402

#: Optimisers that use derivatives, with PyBOP's defaults.
GRADIENT = ("IRPropMin", "IRPropPlus", "AdamW", "GradientDescent", "SciPyMinimize")
SAMPLERS = ("HaarioBardenetACMC", "DREAM", "EmceeHammerMCMC")


def values_of(task, start):
    """Parameter values with the unknowns put in, as PyBOP wants them."""
    values = pybamm.ParameterValues("Chen2020")
    values.update({"Contact resistance [Ohm]": 0.01, "Current function [A]": task["current"]})
    for (name, low, high, logarithmic), value in zip(task["parameters"], start, strict=True):
        transformation = pybop.LogTransformation() if logarithmic else pybop.IdentityTransformation()
        values[name] = pybop.Parameter(
            distribution=pybop.Uniform(low, high), initial_value=value, transformation=transformation
        )
    return values


def simulator_of(task, start):
    model = pybamm.lithium_ion.SPM({"contact resistance": "true"})
    data = pybop.Dataset(
        {
            "Time [s]": np.array(task["time"]),
            "Current [A]": np.full(len(task["time"]), task["current"]),
            "Current function [A]": np.full(len(task["time"]), task["current"]),
            "Voltage [V]": np.array(task["voltage"]),
        }
    )
    return pybop.pybamm.Simulator(model, parameter_values=values_of(task, start), protocol=data), data


def optimise(task, start, method, threshold):
    """Seconds, cost and evaluations of one fit; it stops at the cost wanted where the method can."""
    simulator, data = simulator_of(task, start)
    problem = pybop.Problem(simulator, pybop.SumSquaredError(data))
    if method == "SciPyMinimize":
        options = pybop.SciPyMinimizeOptions(method="L-BFGS-B", jac=True, maxiter=200)
    else:
        options = pybop.PintsOptions(max_iterations=1000, max_unchanged_iterations=100, threshold=threshold)
    optimiser = getattr(pybop, method)(problem, options=options)
    clock = time.perf_counter()
    result = optimiser.run()
    seconds = time.perf_counter() - clock
    return seconds, float(np.min(result.best_cost)), int(np.sum(result.n_evaluations))


def sample(task, start, method, iterations):
    """Seconds and chains, shape (chains, iterations, unknowns)."""
    simulator, data = simulator_of(task, start)
    likelihood = pybop.GaussianLogLikelihoodKnownSigma(data, sigma=task["sigma"])
    posterior = pybop.LogPosterior(simulator, likelihood)
    options = pybop.PintsSamplerOptions(
        n_chains=4, max_iterations=iterations, warm_up_iterations=0, log_to_screen=False
    )
    sampler = getattr(pybop, method)(posterior, options=options)
    clock = time.perf_counter()
    chains = sampler.run()
    return time.perf_counter() - clock, np.asarray(getattr(chains, "chains", chains), dtype=float)


def cost_at(task, values):
    """Sum of squares of PyBaMM's solution at the unknowns given."""
    plain = pybamm.ParameterValues("Chen2020")
    plain.update({"Contact resistance [Ohm]": 0.01, "Current function [A]": task["current"]})
    for (name, *_), value in zip(task["parameters"], values, strict=True):
        plain[name] = value
    model, times = pybamm.lithium_ion.SPM({"contact resistance": "true"}), np.array(task["time"])
    solution = pybamm.Simulation(model, parameter_values=plain).solve([0, times[-1]], t_interp=times)
    return float(np.sum((solution["Voltage [V]"](times) - np.array(task["voltage"])) ** 2))


def main() -> None:
    with open(sys.argv[1], encoding="utf-8") as stream:
        task = json.load(stream)
    # Within half a log unit of our optimum, as PyBaMM's own solver sees it: the same cost.
    task["threshold"] = cost_at(task, task["optimum"]) + task["sigma"] ** 2
    found, arrays = (
        {
            "version": pybop.__version__,
            "fits": {},
            "samplers": {},
            "errors": {},
            "threshold": task["threshold"],
        },
        {},
    )
    for method in (*task.get("methods", GRADIENT), "CMAES"):
        rows = []
        for start in task["starts"]:
            try:
                rows.append(optimise(task, start, method, task["threshold"]))
            except Exception as error:  # a method that fails is reported, not hidden
                found["errors"][method] = f"{type(error).__name__}: {error}"
                break
        found["fits"][method] = rows
        print(method, rows[:2], found["errors"].get(method, ""), file=sys.stderr, flush=True)
    for method in SAMPLERS:
        try:
            seconds, chains = sample(task, task["best"], method, task["iterations"])
            found["samplers"][method], arrays[method] = seconds, chains
        except Exception as error:
            found["errors"][method] = f"{type(error).__name__}: {error}"
        print(
            method,
            found["samplers"].get(method),
            found["errors"].get(method, ""),
            file=sys.stderr,
            flush=True,
        )
    np.savez(sys.argv[2], report=json.dumps(found), **arrays)


if __name__ == "__main__":
    main()
