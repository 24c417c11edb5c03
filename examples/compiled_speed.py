"""The compiled simulator against IDAKLU: same model, same protocol, same process.

Run: python examples/compiled_speed.py [--plot FILE]
Timings depend on the machine; the voltage difference does not.
"""

from __future__ import annotations

import argparse
import time

import numpy as np
import pybamm

import assb
from assb.models.compiled import Protocol

NAME = "Positive electrode interface resistance [Ohm.m2]"
VOLTAGE = "Voltage [V]"
CURRENT = "Current function [A]"
DURATION = 3600.0
TIMES = np.linspace(60.0, DURATION, 60)


def seconds(function, repeats: int) -> float:
    """Median seconds of a call, after one to warm up."""
    function()
    laps = []
    for _ in range(repeats):
        start = time.perf_counter()
        function()
        laps.append(time.perf_counter() - start)
    return float(np.median(laps))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--plot", metavar="FILE", help="save a figure")
    arguments = parser.parse_args()
    values = assb.parameters.get("NCM811_LPSCl_InLi")
    current = -0.33e-3  # charge
    start = time.perf_counter()
    try:
        fast = assb.models.compile(assb.models.SPM(), values, inputs=[NAME], outputs=[VOLTAGE])
    except assb.models.compiled.CompilerError as error:
        print(f"no C compiler, nothing to compare: {error}")
        return
    build = time.perf_counter() - start
    protocol = Protocol.from_steps([(DURATION, current)], output_times=TIMES)
    p = fast.vector({NAME: 0.02})

    values.update({CURRENT: current, NAME: "[input]"})
    simulation = pybamm.Simulation(
        assb.models.SPM(), parameter_values=values, solver=pybamm.IDAKLUSolver(rtol=1e-6, atol=1e-8)
    )

    def reference():
        return simulation.solve([0, DURATION], t_interp=TIMES, inputs={NAME: 0.02})[VOLTAGE](TIMES)

    ours, theirs = fast.evaluate(protocol, p)[:, 0], reference()
    many = np.tile(p, (256, 1)) * np.linspace(0.5, 2.0, 256)[:, None]
    scalar = seconds(lambda: fast.evaluate(protocol, p), 20)
    ensemble = seconds(lambda: fast.evaluate_many(protocol, many), 5) / len(many)
    peer = seconds(reference, 10)
    print(f"{fast}\nbuild (compile, or cached library, and check against IDAKLU): {build:.1f} s")
    print(f"largest voltage difference: {1e3 * np.abs(ours - theirs).max():.3f} mV")
    print(f"IDAKLU   {1e3 * peer:8.3f} ms a simulation")
    print(f"compiled {1e3 * scalar:8.3f} ms a simulation ({peer / scalar:.0f} times faster)")
    print(f"compiled {1e3 * ensemble:8.3f} ms a simulation in an ensemble of {len(many)}")
    if arguments.plot:
        from matplotlib.figure import Figure

        figure = Figure(figsize=(6, 3.6), layout="constrained")
        axis = figure.subplots()
        axis.plot(TIMES / 60, 1e3 * (ours - theirs))
        axis.set_xlabel("Time [min]")
        axis.set_ylabel("Compiled minus IDAKLU [mV]")
        figure.savefig(arguments.plot, dpi=150)


if __name__ == "__main__":
    main()
