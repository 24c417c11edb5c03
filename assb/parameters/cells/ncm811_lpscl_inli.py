"""The cell of the embedded measured cycle: NMC811 | Li6PS5Cl | In-Li, 10 mm die, 30 C."""

from __future__ import annotations

from typing import Any

from assb.parameters.assembly import assemble
from assb.parameters.entry import Entry, assumed, derived, published

SOURCE = "PinnAssb"


def entries() -> dict[str, Entry]:
    """Values with their sources.

    The record states the chemistry, the area, the temperature and the current. Recipe, thickness,
    particle size and stack pressure are not recorded: typical values, marked as assumptions.
    """
    table = assemble(
        "NCM811",
        "Li6PS5Cl",
        "InLi",
        area=0.785e-4,
        positive_thickness=30e-6,
        separator_thickness=600e-6,
        composition=None,
        void_fraction=0.12,
        particle_radius=2.5e-6,
        nominal_capacity=0.75e-3,
        temperature=303.15,
        stack_pressure=50.0,
        initial_stoichiometry=0.88,
        voltage_window=(2.0, 3.75),
    )
    unrecorded = "not recorded; typical of pressed 10 mm cells"
    table.update(
        {
            "Electrode area [m2]": published(0.785e-4, SOURCE),
            "Ambient temperature [K]": published(303.15, SOURCE),
            "Positive electrode thickness [m]": assumed(30e-6, unrecorded),
            "Separator thickness [m]": assumed(600e-6, unrecorded),
            "Positive particle radius [m]": assumed(2.5e-6, unrecorded),
            "Stack pressure [MPa]": assumed(50.0, unrecorded),
            "Nominal cell capacity [A.h]": derived(
                0.75e-3, "0.393 mAh discharged over about half the window"
            ),
            "Current function [A]": published(0.33e-3, SOURCE),
            "Lower voltage cut-off [V]": assumed(1.9, "just below the record"),
            "Upper voltage cut-off [V]": assumed(3.75, "just above the record"),
        }
    )
    return table


def get_parameter_values() -> dict[str, Any]:
    """NMC811 | Li6PS5Cl | In-Li cell of the embedded measured cycle.

    Chemistry, area, temperature and current from the public record PINN-for-ASSB-V1 (cycle 5);
    everything else from the materials' sources or assumed, see
    ``assb.parameters.provenance("NCM811_LPSCl_InLi")``.
    """
    return {name: entry.value for name, entry in entries().items()}
