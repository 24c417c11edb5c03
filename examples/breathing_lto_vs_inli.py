"""Breathing of a full cell: with LTO the pressure shows the cathode, with In-Li mostly the foil.

Run: python examples/breathing_lto_vs_inli.py [--plot FILE]
"""

from __future__ import annotations

import argparse

import assb

LAYERS = ("positive electrode", "negative electrode", "solid electrolyte")
CHARGE_TIME = 7200  # s


def run(negative: str) -> object:
    """Charge of the same cathode against another negative electrode, at 0.3C and 50 MPa."""
    options = {"negative": "composite"} if negative == "LTO" else {}
    values = assb.parameters.build("NCM811", "Li6PS5Cl", negative, stack_pressure=50.0)
    solution = assb.simulate(assb.models.SPM(options), values, f"Charge at 0.3C for {CHARGE_TIME} seconds")
    contributions = [f"Pressure contribution: {layer} [MPa]" for layer in LAYERS]
    return assb.to_xarray(solution, ["Voltage [V]", "Stack pressure [MPa]", *contributions])


def plot(results: dict[str, object], file: str) -> None:
    """Pressure change against time, in all and by layer."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(8, 3.6), layout="constrained")
    for axis, (negative, data) in zip(figure.subplots(1, 2, sharey=True), results.items(), strict=True):
        hours = data["time"] / 3600
        pressure = data["Stack pressure [MPa]"]
        axis.plot(hours, pressure - pressure[0], "k", label="stack pressure")
        for layer in LAYERS:
            axis.plot(hours, data[f"Pressure contribution: {layer} [MPa]"], "--", label=layer)
        axis.set_title(f"against {negative}")
        axis.set_xlabel("Time [h]")
    figure.axes[0].set_ylabel("Pressure change [MPa]")
    figure.axes[0].legend()
    figure.savefig(file, dpi=150)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--plot", metavar="FILE", help="save a figure")
    arguments = parser.parse_args()
    results = {negative: run(negative) for negative in ("LTO", "InLi")}
    print("Charge at 0.3C for 2 h from 50 MPa; change of pressure and what each layer adds [MPa]")
    print("negative      total   " + "   ".join(LAYERS))
    for negative, data in results.items():
        pressure = data["Stack pressure [MPa]"]
        parts = [float(data[f"Pressure contribution: {layer} [MPa]"][-1]) for layer in LAYERS]
        total = float(pressure[-1] - pressure[0])
        print(f"{negative:9s} {total:+9.2f}   " + "   ".join(f"{part:+18.2f}" for part in parts))
    print("The layers add up to a little more than the total: a share of the stack relaxes.")
    if arguments.plot:
        plot(results, arguments.plot)


if __name__ == "__main__":
    main()
