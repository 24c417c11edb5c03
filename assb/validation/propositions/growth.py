"""Group D: how an interphase grows in time, and on lithium."""

from __future__ import annotations

import numpy as np
import pybamm

from assb.validation.propositions.ageing import Aged
from assb.validation.propositions.cycles import Cycles, pulse_resistance, storage
from assb.validation.propositions.interphase import OXIDISING, RELEASED
from assb.validation.propositions.registry import Finding, not_run, proposition
from assb.validation.propositions.runs import (
    MEAN,
    PLAIN,
    WINDOW,
    Array,
    P,
    cell,
    changed,
    rises,
    run,
)

#: An interphase that grows and nothing else.
GROWING = {**PLAIN, "interphase": "mixed"}
FILM = MEAN + "film resistance [Ohm.m2]"
THICKNESS = MEAN + "interphase thickness [m]"


@proposition(
    "D7",
    "The resistance of a cathode grows faster per cycle the higher the upper cut-off, steeply above 4.3 V",
    source="Feng2025, Sec. 2.3",
    control="growth that does not know the potential",
)
def upper_limit(control: bool) -> Finding:
    """Fifty cycles to five cut-offs, a pulse after each cycle; the potential of NCM811 ends at 4.6 V, not at 5.0 V.

    Convex from 4.0 over 4.3 to 4.6 V, not in steps of 0.15 V: the potential is steep at 4.4 V and soon passed.
    """
    values = cell(electrolyte="beta-Li3PS4")
    if control:
        values[P + "interphase transfer coefficient"] = 0.0
    limits = (4.0, 4.15, 4.3, 4.45, 4.6)
    growth = []
    for limit in limits:
        ohms = Aged(values, GROWING, 50, rate=0.1, window=(WINDOW[0], limit), pulse=0.1).resistance
        growth.append((ohms[-1] - ohms[0]) / 49)
    # "Steeply": at least twice the slope below.
    steep = (growth[-1] - growth[2]) / (growth[2] - growth[0])
    figures = {f"growth to {k} V [Ohm.cm2]": v for k, v in zip(limits, growth, strict=True)}
    return Finding(bool(rises(growth) and steep > 2), {**figures, "slope above over below": steep})


@proposition(
    "D8",
    "At open circuit the resistance is flat and rises clearly after about 16 h; a preheat at 80 C passivates, storage"
    " at room temperature goes on degrading",
    source="Feng2025, Sec. 2.2",
    control="growth at once and at a rate that the layer does not slow",
)
def incubation(control: bool) -> Finding:
    """Storage of a charged cell for three days, as made and after a day at 80 C."""
    waits = "none" if control else "time above oxidation"
    law = "reaction-limited" if control else "mixed"
    options = {**GROWING, "interphase": law, "interphase incubation": waits}
    charged = cell(initial_stoichiometry=0.3)
    solution = storage(charged, 72, options, points=37)
    hours, film = solution.t / 3600, solution[FILM].entries - solution[FILM].entries[0]
    late = (hours > 24) & (hours < 48)
    slope, level = np.polyfit(hours[late], film[late], 1)
    knee = -level / slope
    flat = np.interp(6, hours, film) / film[-1]
    hot = storage(cell(initial_stoichiometry=0.3, temperature=353.15), 24, options)
    heated = {
        P + "initial interphase thickness [m]": float(hot[THICKNESS].entries[-1]),
        P + "initial time above oxidation [s]": 24 * 3600.0,
    }
    grown = [float(np.ptp(storage(changed(charged, k), 240, options)[FILM].entries)) for k in ({}, heated)]
    passivated = grown[1] / grown[0]
    figures = {"knee [h]": knee, "share of the rise after 6 h": flat, "growth after preheat": passivated}
    # "About 16 h" of a figure with some points a day: within a factor of two.
    return Finding(bool(8 < knee < 32 and flat < 0.05 and passivated < 0.7), figures)


@proposition(
    "D9",
    "More electrolyte oxidises at 60 C than at 30 C (that it consumes the oxygen which the oxide gives off is not in"
    " the models)",
    source="SongReview, Sec. 4.2",
    control="growth that needs no activation",
)
def warm(control: bool) -> Finding:
    """First charge and discharge of a lithium-rich oxide at both temperatures."""
    found = []
    for celsius in (30.0, 60.0):
        values = cell("LMRO", temperature=273.15 + celsius)
        if control:
            for branch in ("reaction", "diffusion"):
                values[P + f"interphase {branch} activation energy [J.mol-1]"] = 0.0
        cycle = ("Charge at 0.05C until 3.98 V", "Discharge at 0.05C until 1.88 V")
        found.append(run(values, [cycle], OXIDISING)[RELEASED].entries[-1])
    return Finding(bool(found[1] > 1.2 * found[0]), {"oxidised at 60 C over 30 C": found[1] / found[0]})


not_run(
    "D10",
    "Oxides rich in cobalt decompose more electrolyte: first efficiency falls from NCM811 over 523 to 111, against the"
    " order of strain",
    source="SongReview, Sec. 4.2",
    verdict="representable",
    reason="the rate of oxidation at an oxide is a parameter, 'Solid electrolyte relative oxidation rate'; no law gives"
    " it from the composition, so that the order would be the input",
)


@proposition(
    "D11",
    "A coating trebles the first impedance (300 against 100 ohm) and slows its growth: the bare cathode starts with"
    " more capacity (247 against 222 mA.h/g) and loses more on resting",
    source="ArgyroditeReview2025, Sec. 3.1.3",
    control="a coating that neither conducts worse nor protects",
)
def coating(control: bool) -> Finding:
    """First charge, and pulses of a charged cell over three months of rest."""
    ohms, charged = [], []
    for share in (0.0, 0.9):
        changes = {P + "coated fraction": share}
        if control:
            changes = {P + "coated fraction": 1e-6 * share}
        values = changed(cell(initial_stoichiometry=0.95), changes)
        charged.append(Cycles(values, GROWING, rate=0.1).charged[0])
        values["Initial stoichiometry in positive electrode"] = 0.3
        rest = pybamm.step.rest(duration=10 * 86400, period="120 hours")
        solution = run(values, [("Discharge at 0.05C for 5 seconds", rest)] * 10, GROWING)
        ohms.append([pulse_resistance(cycle.steps[0], values) for cycle in solution.cycles])
    bare, coated = np.array(ohms)
    first = coated[0] / bare[0]
    crosses = bool(coated[0] > bare[0] and coated[-1] < bare[-1])
    figures = {"first resistance, coated over bare": first, "after 90 days": coated[-1] / bare[-1]}
    figures |= {"first charge, bare over coated": charged[0] / charged[1], "crosses": float(crosses)}
    # Impedances quoted to one digit: within a factor of two.
    holds = crosses and 1.5 < first < 6 and charged[0] > charged[1]
    return Finding(bool(holds), figures)


@proposition(
    "D12",
    "An interphase that conducts electrons grows without bound and spreads into the electrolyte (LGPS at graphite); one"
    " that does not limits itself",
    source="Song2022, Sec. 3.2; ArgyroditeReview2025, Sec. 2",
    control="products of both that insulate alike",
)
def conducting_products(control: bool) -> Finding:
    """Two months of LGPS and of Li6PS5Cl on lithium, which gives electrons as graphite does.

    Spread: through ten grains of the electrolyte or more. Limited: within the first grain. What the interphase on
    graphite does to the pressure is left out: electrolyte is not reduced in a composite.
    """
    electronic = "Solid electrolyte reduction product electronic conductivity [S.m-1]"
    options = {**PLAIN, "negative interphase": "growing", "negative interphase growth": "mixed conduction"}
    insulating = cell(negative="Li", initial_stoichiometry=0.6)
    conducting = cell(electrolyte="Li10GeP2S12", negative="Li", initial_stoichiometry=0.6)
    if control:
        conducting[electronic] = insulating[electronic]
    grains = []
    for values in (conducting, insulating):
        solution = storage(values, 24 * 60, options, points=31)
        thickness = solution["Negative electrode interphase thickness [m]"].entries[-1]
        grains.append(thickness / (2 * values["Solid electrolyte particle radius [m]"]))
    spread, limited = grains
    figures = {"grains passed, LGPS": spread, "grains passed, Li6PS5Cl": limited}
    return Finding(bool(spread > 10 and limited < 1), figures)


@proposition(
    "D13",
    "The charge in the interphase between lithium and Li6PS5Cl grows with the square root of time",
    source="ArgyroditeReview2025, Sec. 4.1",
    control="an interphase that does not grow",
)
def square_root(control: bool) -> Finding:
    """Sixty days at open circuit: exponent of the charge since first contact over the last two thirds."""
    values = cell(negative="Li", initial_stoichiometry=0.6)
    if control:
        values["Negative electrode interphase parabolic constant [m2.s-1]"] = 1e-40
    solution = storage(values, 24 * 60, {**PLAIN, "negative interphase": "growing"}, points=31)
    time, charge = solution.t, solution["Negative electrode interphase charge [uA.h.cm-2]"].entries
    first = values["Negative electrode initial interphase thickness [m]"] / 9e-9
    exponent = float(np.polyfit(np.log(time[10:]), np.log(charge[10:] + first), 1)[0])
    linear = float(np.corrcoef(np.sqrt(time), charge)[0, 1]) if np.ptp(charge) > 1e-6 else 0.0
    figures = {"exponent": exponent, "correlation": linear, "charge after 60 days [uA.h.cm-2]": charge[-1]}
    # The published plot has a straight line through points a few percent off it.
    return Finding(bool(abs(exponent - 0.5) < 0.05 and linear > 0.995), figures)


@proposition(
    "D14",
    "Plating at high current brings the interfacial resistance to its minimum almost at once, low current only in the"
    " end; the difference fades beyond about 50 uA.h/cm2",
    source="ArgyroditeReview2025, Sec. 2",
    control="an interphase that conducts from the beginning",
)
def plating(control: bool) -> Finding:
    """Resistance over the plated charge at 0.01, 0.05, 0.5 and 2.5 mA/cm2."""
    option = "growing" if control else "growing and forming"
    curves = [
        _plated(density, {**PLAIN, "negative interphase": option}) for density in (0.01, 0.05, 0.5, 2.5)
    ]
    early, ten, fifty = np.transpose(curves)
    lowest = min(k.min() for k in (early, ten, fifty))
    spread = (fifty.max() - fifty.min()) / (ten.max() - ten.min())
    figures = {
        f"resistance at 10 uA.h.cm-2 and {j} mA.cm-2": r
        for j, r in zip((0.01, 0.05, 0.5, 2.5), ten, strict=True)
    }
    figures |= {
        "highest current at 2 uA.h.cm-2 over lowest": early[-1] / lowest,
        "spread at 50 over 10": spread,
    }
    # "At once": within a tenth of the minimum after 2 uA.h/cm2. "Fades": to a quarter.
    ordered = bool((np.diff(ten) < 0).all() and ten[0] > 1.5 * ten[-1])
    return Finding(bool(ordered and early[-1] < 1.1 * lowest and spread < 0.25), figures)


def _plated(density: float, options) -> Array:
    """Interfacial resistance [Ohm.cm2] after 2, 10 and 50 uA.h/cm2 plated at a current density [mA.cm-2]."""
    values = cell(negative="Li")
    size = 1e4 * values["Electrode area [m2]"]
    hours = 0.06 / density
    step = pybamm.step.current(
        -1e-3 * density * size, duration=3600 * hours, period=f"{60 * hours:.6f} seconds"
    )
    solution = run(values, [step], options)
    charge = -1e6 * solution["Discharge capacity [A.h]"].entries / size
    film = 1e4 * solution["Negative electrode interphase film resistance [Ohm.m2]"].entries
    return np.interp([2.0, 10.0, 50.0], charge, film)


not_run(
    "D15",
    "Constriction by the surrounding solid widens the window of the electrolyte (LGPS from 1.75-2.2 V to 0.5-2.5 V at"
    " 20 GPa)",
    source="Song2022, Sec. 3.2",
    verdict="representable",
    reason="the shift of the oxidation onset by pressure is a parameter, so that the window would be the input; its"
    " lower edge has no counterpart, electrolyte is not reduced in the positive electrode",
)
