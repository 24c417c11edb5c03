"""A cell of one's own: recipe to volume fractions, volume fractions to parameter values, and a cycle.

Run: python examples/own_cell.py [--plot FILE]
"""

from __future__ import annotations

import argparse

import assb
from assb.parameters import build, volume_fractions

RECIPE = {"active material": 80, "solid electrolyte": 18, "carbon": 2}  # by mass
DENSITIES = {"active material": 4.78, "solid electrolyte": 1.87, "carbon": 2.0}  # g/cm3
VOID = 0.10
PROTOCOL = ["Charge at 0.1C until 3.6 V", "Rest for 30 minutes", "Discharge at 0.1C until 2.4 V"]


def cell() -> object:
    """Parameter values; whatever is not given here keeps its documented default."""
    return build(
        positive="NCM811",
        electrolyte="Li6PS5Cl",
        negative="InLi",
        area=1.13e-4,
        positive_thickness=60e-6,
        separator_thickness=400e-6,
        composition=RECIPE,
        void_fraction=VOID,
        particle_radius=2.0e-6,
        stack_pressure=75.0,
        overrides={"Fixture stiffness [MPa.um-1]": 1.5},
    )


def plot(data: object, file: str) -> None:
    """Voltage and stack pressure."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(6, 5), layout="constrained")
    for axis, name in zip(
        figure.subplots(2, 1, sharex=True), ("Voltage [V]", "Stack pressure [MPa]"), strict=True
    ):
        axis.plot(data["time"] / 3600, data[name])
        axis.set_ylabel(name)
    figure.axes[-1].set_xlabel("Time [h]")
    figure.savefig(file, dpi=150)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--plot", metavar="FILE", help="save a figure")
    arguments = parser.parse_args()
    shares = volume_fractions(RECIPE, DENSITIES, VOID)
    print("Volume fractions:", ", ".join(f"{phase} {share:.3f}" for phase, share in shares.as_dict().items()))
    values = cell()
    capacity = values["Nominal cell capacity [A.h]"]
    print(f"Nominal capacity: {1e3 * capacity:.2f} mAh ({capacity * 1e3 / 1.13:.2f} mAh/cm2)")
    try:
        volume_fractions(RECIPE, DENSITIES, void_fraction=0.5)
    except ValueError as error:
        print(f"A porosity taken from a liquid-electrolyte cell is refused:\n  {error}")
    data = assb.to_xarray(assb.simulate(assb.models.SPM(), values, PROTOCOL))
    pressure = data["Stack pressure [MPa]"]
    hours, low, high = float(data["time"][-1]) / 3600, float(pressure.min()), float(pressure.max())
    print(f"Cycle of {hours:.1f} h, {low:.1f} to {high:.1f} MPa")
    if arguments.plot:
        plot(data, arguments.plot)


if __name__ == "__main__":
    main()
