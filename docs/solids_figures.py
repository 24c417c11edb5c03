"""Figures of the pages on graded electrodes, healing, oxidised electrolyte, alloys, separators and coatings.

Run from anywhere: python docs/solids_figures.py [NAME ...]. Writes docs/img/NAME.png; the same inputs give the
same curves. Everything but the mechanism shown is switched off (`NO_MECHANISMS`).
"""

from __future__ import annotations

import sys
from collections.abc import Callable

import matplotlib as mpl
import numpy as np
import pybamm
from figures import COLOURS, FOLDER, GREY, STYLE, P, save, two_panels
from matplotlib.figure import Figure

import assb
from assb.models import DFN, NO_MECHANISMS, closures
from assb.models.symbols import Symbols
from assb.parameters import DepthProfile, Grading, SeparatorLayer, build
from assb.parameters.materials.layered_oxides import CorrectedPotential
from assb.parameters.materials.potentials import DeepDischarge, nmc811_potential

#: Two networks and an interface with a resistance.
NETWORKS = {
    **NO_MECHANISMS,
    "ionic network": "size-ratio percolation",
    "electronic network": "percolation",
    "carbon network": "parallel",
    "interphase": "constant",
    "composition": "graded",
}


def grading() -> Figure:
    """Depth of the reaction against composition, and the rate of three gradings."""
    figure, (left, right) = two_panels()
    points = {"x_p": 12, "r_p": 8}
    for share in (60, 70, 80):
        recipe = {"active material": share, "solid electrolyte": 100 - share}
        cell = build("NCM622", composition=recipe, positive_thickness=100e-6, particle_radius=5e-6)
        solution = assb.simulate(DFN(NETWORKS), cell, ["Charge at 0.1C for 4 hours"], var_pts=points)
        y = solution[P + "stoichiometry"].entries[:, -1]
        left.plot((np.arange(12) + 0.5) / 12, y, label=f"{share} % active material")
    left.set(xlabel="Depth, separator to collector [-]", ylabel="Stoichiometry after 4 h at 0.1C [-]")
    left.legend(fontsize=7.5)
    steep = Grading(
        {"active material": 60, "solid electrolyte": 38, "carbon": 2},
        {"active material": 80, "solid electrolyte": 18, "carbon": 2},
    )
    rates = np.geomspace(0.1, 3, 9)
    cases = (
        ("electrolyte to the separator", steep, False),
        ("uniform", steep, True),
        ("electrolyte to the collector", steep.reversed, False),
    )
    for label, composition, flat in cases:
        found = []
        for rate in rates:
            cell = build(
                composition=composition,
                positive_thickness=120e-6,
                separator_thickness=30e-6,
                initial_stoichiometry=0.3,
            )
            if flat:
                cell.update({name: v.mean for name, v in cell.items() if isinstance(v, DepthProfile)})
            step = [f"Discharge at {rate}C until 2.85 V"]
            solution = assb.simulate(DFN(NETWORKS), cell, step, var_pts=points)
            found.append(
                solution["Discharge capacity [A.h]"].entries[-1] / cell["Nominal cell capacity [A.h]"]
            )
        right.semilogx(rates, found, "--" if flat else "-", color=GREY if flat else None, label=label)
    right.set(xlabel="Rate [C]", ylabel="Capacity over nominal capacity [-]")
    right.legend(fontsize=7.5)
    return figure


#: Ageing that shows in a few cycles.
FAST = {
    P + "contact damage rate": 0.6,
    P + "interphase reaction velocity [m.s-1]": 1e-11,
    P + "interphase parabolic constant [m2.s-1]": 2e-20,
}


def healing() -> Figure:
    """Capacity by cycle for two lower cut-offs, and the film through two cycles."""
    figure, (left, right) = two_panels()
    deep = CorrectedPotential(DeepDischarge(nmc811_potential))
    changes = {P + "OCP [V]": deep, **FAST}
    cell = build(negative="Li", voltage_window=(1.9, 4.4), overrides=changes)
    options = {**NO_MECHANISMS, "contact": "pressure and damage", "interphase": "mixed"}
    cycles = np.arange(1, 9)
    for colour, cut in zip(COLOURS, (2.0, 2.5), strict=False):
        for option, style in (("below cut-off", "-"), ("none", "--")):
            model = assb.models.SPM({**options, "interphase healing": option})
            cycle = ("Charge at C/3 until 4.25 V", f"Discharge at C/3 until {cut} V")
            experiment = pybamm.Experiment([cycle] * len(cycles), period="2 minutes")
            solution = assb.simulate(model, cell, experiment)
            taken = [c.steps[1]["Discharge capacity [A.h]"].entries for c in solution.cycles]
            capacity = np.array([q[-1] - q[0] for q in taken])
            label = f"{cut:g} V" if style == "-" else None
            left.plot(cycles, capacity / capacity[0], style, color=colour, label=label)
            if style == "-":
                film = solution["X-averaged positive electrode interphase thickness [m]"].entries
                right.plot(solution["Time [h]"].entries, 1e9 * film, color=colour, label=f"{cut:g} V")
    left.set(xlabel="Cycle [-]", ylabel="Capacity over that of cycle 1 [-]")
    left.legend(fontsize=7.5, title="lower cut-off", title_fontsize=7.5)
    right.set(xlabel="Time [h]", ylabel="Interphase thickness [nm]")
    right.legend(fontsize=7.5)
    return figure


def consumption() -> Figure:
    """What the ionic network keeps of its conductivity, and the drop of cells that oxidise their electrolyte."""
    figure, (left, right) = two_panels()
    share, fraction = np.linspace(0, 1, 200), 0.3
    remaining = closures.electrolyte_left(fraction, fraction * share)
    laws = {
        r"size ratio $\lambda$ = 1": lambda e: closures.size_ratio_percolation(e, 1),
        r"size ratio $\lambda$ = 8": lambda e: closures.size_ratio_percolation(e, 8),
        "Bruggeman 1.5": lambda e: closures.bruggeman(e, 1.5),
    }
    for label, law in laws.items():
        left.semilogy(share, law(remaining) / law(fraction), label=label)
    left.semilogy(share, remaining / fraction, ":", color=GREY)
    left.set(
        xlabel="Oxidised share of the electrolyte [-]", ylabel="Conductivity over fresh [-]", ylim=(1e-4, 1.5)
    )
    left.legend(fontsize=7.5)
    velocity = {P + "interphase reaction velocity [m.s-1]": 2e-11, P + "interphase transfer coefficient": 0.0}
    cases = (
        ("active material and carbon", {"carbon interphase": "growing"}, {}),
        ("carbon alone", {"carbon interphase": "growing"}, {P + "coated fraction": 1.0}),
        ("nothing lost", {"network consumption": "none"}, {}),
    )
    options = {
        **NO_MECHANISMS,
        "ionic network": "size-ratio percolation",
        "interphase": "reaction-limited",
        "network consumption": "oxidised electrolyte",
    }
    steps = [pybamm.step.string("Charge at C/5 for 2 hours", period="1 minute")]
    for label, chosen, changes in cases:
        cell = build(overrides=velocity | changes, initial_stoichiometry=0.9)
        solution = assb.simulate(assb.models.SPM({**options, **chosen}), cell, pybamm.Experiment(steps))
        drop = 1e3 * solution[P + "ionic network overpotential [V]"].entries
        style = "k--" if label.startswith("nothing") else "-"
        right.plot(solution["Time [h]"].entries, drop, style, label=label)
    right.set(xlabel="Time [h]", ylabel="Ionic drop on charge [mV]")
    right.legend(fontsize=7.5)
    return figure


def alloys() -> Figure:
    """Potential of silicon and tin through two loops, and the stack pressure that follows."""
    figure, (left, right) = two_panels()
    options = {**NO_MECHANISMS, "negative": "composite", "stack pressure": "spring"}
    steps = [
        "Charge at C/10 until 4.1 V",
        "Discharge at C/10 for 3 hours",
        "Charge at C/10 for 2 hours",
        "Discharge at C/10 until 2.4 V",
    ]
    experiment = [pybamm.step.string(step, period="2 minutes") for step in steps]
    for colour, name in zip(COLOURS, ("Si", "Sn", "graphite"), strict=False):
        hysteresis = "none" if name == "graphite" else "one-state"
        model = assb.models.SPM({**options, "negative hysteresis": hysteresis})
        solution = assb.simulate(model, build(negative=name), experiment)
        y = solution["X-averaged negative electrode stoichiometry"].entries
        if name != "graphite":
            u = solution["X-averaged negative electrode open-circuit potential [V]"].entries
            left.plot(y, u, color=colour, label=name)
        charge = -solution["Discharge capacity [A.h]"].entries * 1e3 / 0.785
        rise = solution["Pressure contribution: negative electrode [MPa]"].entries
        right.plot(charge, rise, color=colour, label=name)
    left.set(xlabel="Stoichiometry [-]", ylabel="Potential [V vs Li]", ylim=(0, 1.0))
    left.legend(fontsize=7.5)
    right.set(xlabel=r"Charge [mAh cm$^{-2}$]", ylabel="Pressure by the negative electrode [MPa]")
    right.legend(fontsize=7.5)
    return figure


def separator() -> Figure:
    """Resistance of three separators against temperature, and growth at two electrolytes of the composite."""
    figure, (left, right) = two_panels()
    temperatures = np.linspace(263.15, 353.15, 31)
    sandwich = [
        SeparatorLayer(name, length)
        for name, length in (("Li6PS5Cl", 40e-6), ("Li10GeP2S12", 520e-6), ("Li6PS5Cl", 40e-6))
    ]
    bilayer = [SeparatorLayer("Li6PS5Cl", 550e-6), SeparatorLayer("Li3InCl6", 50e-6)]
    for label, layers in (
        ("Li6PS5Cl, 600 µm", "Li6PS5Cl"),
        ("Li6PS5Cl 550 | Li3InCl6 50 µm", bilayer),
        ("Li6PS5Cl 40 | Li10GeP2S12 520 | Li6PS5Cl 40 µm", sandwich),
    ):
        found = []
        for temperature in temperatures:
            cell = build(separator=layers, temperature=float(temperature))
            found.append(1e4 * float(cell.evaluate(Symbols().separator_resistance)))
        left.semilogy(temperatures - 273.15, found, label=label)
    left.set(xlabel="Temperature [°C]", ylabel=r"Separator resistance [$\Omega$ cm$^2$]", ylim=(3, 1000))
    left.legend(fontsize=7)
    options = {**NO_MECHANISMS, "interphase": "mixed"}
    steps = ["Charge at C/5 until 4.2 V", "Hold at 4.2 V for 20 hours"]
    for label, electrolyte in (
        ("Li6PS5Cl throughout", "Li6PS5Cl"),
        ("Li3InCl6 in the composite", "Li3InCl6"),
    ):
        cell = build(electrolyte=electrolyte, separator="Li6PS5Cl", negative="Li", voltage_window=(2.5, 4.4))
        experiment = [pybamm.step.string(step, period="5 minutes") for step in steps]
        solution = assb.simulate(assb.models.SPM(options), cell, experiment)
        film = solution["X-averaged positive electrode interphase thickness [m]"].entries
        right.plot(solution["Time [h]"].entries, 1e9 * film, label=label)
    right.set(xlabel="Time, held at 4.2 V [h]", ylabel="Interphase thickness [nm]")
    right.legend(fontsize=7.5)
    return figure


def coatings() -> Figure:
    """Growth under coatings against their thickness, and the electronic conductivity that they leave."""
    figure, (left, right) = two_panels()
    model = assb.models.SPM({**NO_MECHANISMS, "interphase": "mixed", "coating protection": "electronic"})
    thicknesses = np.geomspace(0.5e-9, 100e-9, 25)
    film = "X-averaged positive electrode interphase growth rate [m.s-1]"
    for separator_thickness in (20e-6, 50e-6, 100e-6):
        rates = []
        for thickness in (0.0, *thicknesses):
            changes = {
                "Solid electrolyte electronic conductivity [S.m-1]": 1e-9,
                "Reference electronic conductivity for oxidation [S.m-1]": 1e-9,
                P + "coated fraction": 1.0,
                P + "coating thickness [m]": thickness,
                P + "interphase oxidation onset [V]": 3.75,
            }
            cell = build(
                negative="Li",
                separator_thickness=separator_thickness,
                initial_stoichiometry=0.27,
                overrides=changes,
            )
            solution = assb.simulate(model, cell, ["Rest for 1 minute"])
            rates.append(solution[film].entries[-1])
        label = f"electrolyte of {1e6 * separator_thickness:.0f} µm"
        left.loglog(1e9 * thicknesses, np.array(rates[1:]) / rates[0], label=label)
    left.set(xlabel="Coating thickness [nm]", ylabel="Growth over that without coating [-]", ylim=(1e-6, 2))
    left.legend(fontsize=7.5, loc="upper right")
    for share, style in ((0.5, ":"), (0.9, "--"), (1.0, "-")):
        for colour, conductivity in zip(COLOURS, (1e-12, 1e-9), strict=False):
            kept = closures.coated_contact_conduction(thicknesses, 5e-6, 0.3, conductivity)
            label = f"{conductivity:.0e} S/m" if share == 1 else None
            found = closures.coated_network_factor(share, kept)
            right.loglog(1e9 * thicknesses, found, style, color=colour, label=label)
    right.set(
        xlabel="Coating thickness [nm]", ylabel="Electronic conductivity over bare [-]", ylim=(1e-11, 3)
    )
    right.legend(fontsize=7.5, title="coated 50 (dotted), 90, 100 %", title_fontsize=7.5, loc="center right")
    return figure


FIGURES: dict[str, Callable[[], Figure]] = {
    "grading": grading,
    "healing": healing,
    "consumption": consumption,
    "alloys": alloys,
    "separator": separator,
    "coatings": coatings,
}


def main(names: list[str]) -> None:
    """Draw the named figures, or all."""
    unknown = [name for name in names if name not in FIGURES]
    if unknown:
        raise SystemExit(f"figure {unknown[0]!r} is not known: use one of {', '.join(FIGURES)}")
    with mpl.rc_context(STYLE):
        for name in names or FIGURES:
            save(FIGURES[name](), FOLDER / f"{name}.png")


if __name__ == "__main__":
    main(sys.argv[1:])
