"""Figures of the pages on particles, populations, cracks and negatives: each mechanism acting alone.

Run from anywhere: python docs/particle_figures.py [NAME ...]. Writes docs/img/NAME.png.
"""

from __future__ import annotations

import sys

import matplotlib as mpl
import numpy as np
from figures import COLOURS, FOLDER, GREY, STYLE, P, run, save, two_panels
from matplotlib.figure import Figure

import assb
from assb.models import NO_MECHANISMS, SPM

Y0 = "Initial stoichiometry in positive electrode"


def cracking() -> Figure:
    """Cracks open as a polycrystal contracts, close in part, and accumulate; they slow its diffusion."""
    figure, (left, right) = two_panels()
    cycle = ["Charge at C/2 until 3.68 V", "Discharge at C/2 until 2.9 V"]
    rates = ((1.0, COLOURS[0]), (5.0, COLOURS[1]))
    for rate, colour in rates:
        found = run({"cracking": "intergranular"}, {P + "cracking rate": rate}, cycle * 6)
        ratio = found[f"X-averaged {P.lower()}cracked diffusivity ratio"].entries
        left.plot(found["Time [h]"].entries, ratio, color=colour, label=f"cracking rate {rate:g}")
    left.set(xlabel="Time [h]", ylabel="Diffusivity over that without cracks [-]")
    left.legend()
    for pressure, colour in ((300.0, GREY), (450.0, COLOURS[0]), (600.0, COLOURS[1])):
        changes = {P + "fabrication pressure [MPa]": pressure, P + "pressing crack factor": 0.3, Y0: 0.3}
        found = run({"cracking": "intergranular"}, changes, ["Discharge at 2C until 2.2 V"])
        charge, label = 1e3 * found["Discharge capacity [A.h]"].entries, f"pressed at {pressure:g} MPa"
        right.plot(charge, found["Voltage [V]"].entries, color=colour, label=label)
    right.set(xlabel="Discharge capacity at 2C [mAh]", ylabel="Voltage [V]")
    right.legend()
    return figure


def fracture() -> Figure:
    """Polycrystals by texture and single crystals by size, with cracks by the energy of fracture."""
    figure, panels = two_panels()
    cycle = ["Charge at C/2 until 3.68 V", "Discharge at C/2 until 2.9 V"]
    order, radius = P + "grain orientation order", "Positive particle radius [m]"
    textures = [
        (f"{name}, S = {s:g}", {order: s})
        for name, s in (("random", 0.0), ("tangential", 0.25), ("columnar", 0.8))
    ]
    crystals = [(f"{d:g} µm", {order: 1.0, radius: d / 2 * 1e-6}) for d in (6.0, 3.0, 1.5)]
    for panel, cases in zip(panels, (textures, crystals), strict=True):
        for (label, changes), colour in zip(cases, COLOURS, strict=False):
            found = run({"cracking": "fracture energy"}, {P + "cracking rate": 1.0, **changes}, cycle * 20)
            state = found[f"X-averaged {P.lower()}cracked fraction"].entries
            panel.plot(found["Time [h]"].entries, state - state[0], color=colour, label=label)
        panel.set(xlabel="Time [h]", ylabel="Cracked fraction since the start [-]")
        panel.legend()
    return figure


def particle() -> Figure:
    """Two reduced forms of diffusion against the radial mesh."""
    figure, (left, right) = two_panels()
    steps = ["Discharge at 1C for 20 minutes", "Rest for 20 minutes"]
    reference = run({}, {Y0: 0.45}, steps)
    time = np.linspace(0, reference["Time [s]"].entries[-1], 600)
    left.plot(time / 60, reference["Voltage [V]"](time), color=GREY, label="Fickian")
    for name, colour, line in (("spectral", COLOURS[0], "--"), ("polynomial", COLOURS[1], ":")):
        found = run({"particle diffusion": name}, {Y0: 0.45}, steps)
        voltage = found["Voltage [V]"](time)
        left.plot(time / 60, voltage, line, color=colour, label=name)
        right.semilogy(
            time / 60, 1e3 * np.abs(voltage - reference["Voltage [V]"](time)) + 1e-4, color=colour, label=name
        )
    left.set(xlabel="Time [min]", ylabel="Voltage [V]")
    right.set(xlabel="Time [min]", ylabel="Distance from Fickian [mV]", ylim=(1e-3, None))
    left.legend()
    right.legend()
    return figure


def populations() -> Figure:
    """Large and small particles of one material in one composite: who carries the current."""
    figure, (left, right) = two_panels()
    values = assb.parameters.build(assb.parameters.Blend(("NCM811", "NCM811"), (70, 30), (5e-6, 1.5e-6)))
    model = SPM({**NO_MECHANISMS, "positive populations": "two"})
    found = assb.simulate(model, values, ["Charge at 1C for 30 minutes", "Rest for 30 minutes"])
    time = found["Time [h]"].entries * 60
    for phase, colour, label in (("primary", COLOURS[0], "large"), ("secondary", COLOURS[1], "small")):
        share = found[f"X-averaged positive electrode {phase} insertion current density [A.m-2]"].entries
        left.plot(time, share, color=colour, label=label)
        y = found[f"X-averaged positive electrode {phase} stoichiometry"].entries
        right.plot(time, y, color=colour, label=label)
    left.set(xlabel="Time [min]", ylabel="Current density of the particles [A m$^{-2}$]")
    right.set(xlabel="Time [min]", ylabel="Mean stoichiometry [-]")
    left.legend()
    right.legend()
    return figure


def negatives() -> Figure:
    """The interphase on lithium, and what negative electrodes add to the thickness of the stack."""
    figure, (left, right) = two_panels()
    for name, colour in (("InLi", COLOURS[0]), ("Li", COLOURS[1])):
        values = assb.parameters.build(negative=name)
        model = SPM({**NO_MECHANISMS, "negative interphase": "growing"})
        found = assb.simulate(model, values, ["Rest for 48 hours"])
        time, grown = found["Time [h]"].entries, found["Negative electrode interphase thickness [m]"].entries
        left.plot(np.sqrt(time), 1e9 * grown, color=colour, label={"InLi": "In-Li", "Li": "Li"}[name])
    left.set(xlabel="Square root of time [h$^{1/2}$]", ylabel="Interphase thickness [nm]")
    left.legend()
    for name, colour in zip(("InLi", "Li", "graphite", "LTO"), COLOURS, strict=False):
        values = assb.parameters.build(negative=name)
        kind = "foil" if name in ("InLi", "Li") else "composite"
        found = assb.simulate(SPM({**NO_MECHANISMS, "negative": kind}), values, "Charge at 0.1C for 7 hours")
        passed = -1e3 * found["Discharge capacity [A.h]"].entries / (1e4 * values["Electrode area [m2]"])
        change = 1e6 * found["Thickness change: negative electrode [m]"].entries
        right.plot(passed, change, color=colour, label={"InLi": "In-Li"}.get(name, name))
    right.set(xlabel="Charge [mAh cm$^{-2}$]", ylabel="Thickness change [µm]")
    right.legend()
    return figure


FIGURES = {
    "cracking": cracking,
    "fracture": fracture,
    "particle": particle,
    "populations": populations,
    "negatives": negatives,
}


def main(names: list[str]) -> None:
    """Draw the named figures, all by default."""
    with mpl.rc_context(STYLE):
        for name in names or FIGURES:
            save(FIGURES[name](), FOLDER / f"{name}.png")


if __name__ == "__main__":
    main(sys.argv[1:])
