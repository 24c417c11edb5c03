"""Stack pressure: how it sets the contact area, and what a charge costs in voltage.

Run: python examples/simulate_pressure.py [--plot FILE]
"""

from __future__ import annotations

import argparse

import numpy as np

import assb

PRESSURES = (2.0, 10.0, 50.0, 200.0)  # MPa
PROTOCOL = "Charge at 0.4C for 1 hour"
CONTACT = "X-averaged positive electrode contact fraction"


def run() -> dict[float, object]:
    """Labelled results by stack pressure."""
    model = assb.models.SPM({"contact": "pressure"})
    results = {}
    for pressure in PRESSURES:
        values = assb.parameters.get("NCM811_LPSCl_InLi")
        values["Stack pressure [MPa]"] = pressure
        results[pressure] = assb.to_xarray(assb.simulate(model, values, PROTOCOL))
    return results


def plot(results: dict[float, object], file: str) -> None:
    """Voltage and contact against time."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6, 6), layout="constrained")
    top, bottom = figure.subplots(2, 1, sharex=True)
    for pressure, data in results.items():
        minutes = data["time"] / 60
        top.plot(minutes, data["Voltage [V]"], label=f"{pressure:g} MPa")
        bottom.plot(minutes, data[CONTACT])
    top.set_ylabel("Voltage [V]")
    top.legend(title="Initial stack pressure")
    bottom.set_ylabel("Contact fraction [-]")
    bottom.set_xlabel("Time [min]")
    figure.savefig(file, dpi=150)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--plot", metavar="FILE", help="save a figure")
    arguments = parser.parse_args()
    results = run()
    print(f"{PROTOCOL}; NMC811 | Li6PS5Cl | In-Li")
    print(" P0 [MPa]   P end [MPa]   contact start -> end   voltage after 30 min [V]")
    for pressure, data in results.items():
        contact = data[CONTACT].values
        voltage = np.interp(1800, data["time"], data["Voltage [V]"])
        end = float(data["Stack pressure [MPa]"][-1])
        print(f"{pressure:9g} {end:13.1f} {contact[0]:15.3f} -> {contact[-1]:.3f} {voltage:22.3f}")
    if arguments.plot:
        plot(results, arguments.plot)


if __name__ == "__main__":
    main()
