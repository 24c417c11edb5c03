"""Propositions C: loss of contact between active material and solid electrolyte."""

from __future__ import annotations

import numpy as np

from assb import parameters
from assb.models.closures import butler_volmer_slope
from assb.validation.propositions.protocols import (
    LTO,
    P,
    Pulse,
    Run,
    accelerated,
    changed,
    cycle,
    discharged,
    first,
    last,
)
from assb.validation.propositions.registry import Finding, proposition
from assb.validation.propositions.runs import falls, rises

SONG_G = "000 song_g_review"
SONG_YB = "001 song_yb_2022"
CONTACT = "X-averaged positive electrode contact fraction"
FILLING = "X-averaged positive electrode stoichiometry"
STRAIN = "X-averaged positive electrode volume strain"
INTERFACE = "Positive interface resistance [Ohm.m2]"
#: Contact alone: pressure held, no chemistry.
ALONE = {"stack pressure": "constant pressure", "interphase": "none"}


def at_filling(step, name: str, filling: float) -> float:
    """A variable where a half-cycle passes a stoichiometry."""
    y, values = step[FILLING].data, step[name].data
    order = np.argsort(y)
    return float(np.interp(filling, y[order], values[order]))


@proposition(
    "C1",
    "Contraction on charge detaches active material and discharge does not restore it all; more with"
    " strain (NCM811 against"
    " NCM622), over shorter lengths in smaller particles.",
    source=f"{SONG_G} Sec. 3; {SONG_YB} Sec. 4.2",
    control='"contact": "constant", as in a liquid electrolyte',
)
def detachment(control: bool) -> Finding:
    """Contact at the end of charge and back at the same stoichiometry; the gap is R |e|/3 on what detached."""
    options = LTO | ALONE | ({"contact": "constant"} if control else {})
    lost, kept_away, gaps = [], [], []
    for material, radius in (("NCM811", 2.5e-6), ("NCM622", 2.5e-6), ("NCM811", 1.25e-6)):
        values = parameters.build(material, negative="LTO", particle_radius=radius)
        # Slow, so that all reach the same strain.
        solution = Run(values, options, cycle(values, 0.05))()
        charge, discharge = solution.cycles[0].steps
        start, end = first(charge, CONTACT), last(charge, CONTACT)
        lost.append(1 - end / start)
        middle = 0.5 * (first(charge, FILLING) + last(charge, FILLING))
        there, back = (at_filling(step, CONTACT, middle) for step in (charge, discharge))
        kept_away.append(1 - back / there)
        gaps.append((1 - end / start) * radius * (1 - (1 + last(charge, STRAIN)) ** (1 / 3)))
    # Solver noise is 1e-5 at most.
    holds = lost[0] > 0.01 and lost[0] > lost[1] and min(kept_away) > 1e-4 and gaps[2] < gaps[0]
    return Finding(
        holds,
        {
            "contact lost on charge, NCM811": lost[0],
            "contact lost on charge, NCM622": lost[1],
            "not restored, NCM811": kept_away[0],
            "mean gap, 5 um [nm]": 1e9 * gaps[0],
            "mean gap, 2.5 um [nm]": 1e9 * gaps[2],
        },
    )


@proposition(
    "C2",
    "Loss of contact alone, without chemical ageing, takes capacity abruptly: more in the first cycle"
    " than in the nine after it.",
    source=f"{SONG_G} Sec. 2.1 [32]",
    control='"contact": "constant" at the initial contact',
)
def first_cycles(control: bool) -> Finding:
    """Discharge capacities of ten cycles against those of a cell that keeps its initial contact."""
    values = parameters.build("NCM811")
    solution = Run(values, ALONE | {"contact": "pressure and damage"}, cycles=10)()
    start = first(solution, CONTACT)
    keeps = changed(values, **{P + "largest contact fraction": start})
    kept = discharged(Run(keeps, ALONE | {"contact": "constant"}, cycles=10)())
    found = kept if control else discharged(solution)
    loss = 1 - found / kept
    # The source has no size: beyond ten times the tolerance of the solver (1e-5), and abrupt.
    holds = loss[0] > 1e-4 and loss[0] > loss[-1] - loss[0]
    return Finding(holds, {"loss in cycle 1": loss[0], "loss in cycle 10": loss[-1]})


@proposition(
    "C3",
    "Loss of contact shows as a growing Warburg coefficient at a nearly constant interface resistance,"
    " and more with crystalline"
    " (1.86 mS/cm) than with ductile glass-ceramic (1.01 mS/cm) Li6PS5Cl.",
    source=f"{SONG_YB} Sec. 4.2 [43], s1_lpscl_gc_vs_cryst",
    control='"diffusion constriction": "none"',
)
def warburg(control: bool) -> Finding:
    """LCO|In-Li, growth over 100 cycles (2 at fifty times the rates); nearly constant: a third of the growth of W.

    Two electrodes see the interfaces of both.
    """
    options = {"diffusion constriction": "none" if control else "patches"}
    options |= {"interphase": "constant", "space charge": "none", "stripping": "none"}
    electrolytes = {
        name: accelerated(parameters.build("LCO", f"Li6PS5Cl {name}"), 50.0)
        for name in ("crystalline", "glass-ceramic")
    }
    values = electrolytes["crystalline"]
    free = [name for name in values.keys() if values[name] != electrolytes["glass-ceramic"][name]]
    run = Run(values, options, cycles=2, free=free)
    foil = _foil(values)
    growth = {}
    for name, values in electrolytes.items():
        fresh, aged = (each.steps[0] for each in run(**{each: values[each] for each in free}).cycles)
        ratio = last(aged, "Positive apparent diffusivity ratio") / last(
            fresh, "Positive apparent diffusivity ratio"
        )
        resistance = [last(step, INTERFACE) + foil for step in (fresh, aged)]
        growth[name] = (ratio**-0.5 - 1, resistance[1] / resistance[0] - 1)
    (w, r), (w_ductile, _) = growth["crystalline"], growth["glass-ceramic"]
    # Beyond ten times the tolerance of the solver.
    holds = w > 1e-4 and w > 3 * r and w > w_ductile
    return Finding(
        holds,
        {
            "growth of W, crystalline": w,
            "growth of R, crystalline": r,
            "growth of W, glass-ceramic": w_ductile,
            "share of the foil in R": foil / resistance[1],
        },
    )


def _foil(values) -> float:
    """Charge transfer and film of a foil [Ohm.m2]."""
    exchange = values["Negative electrode exchange-current density [A.m-2]"]
    transfer = butler_volmer_slope(0.0, exchange, values["Ambient temperature [K]"])
    return float(transfer) + values["Negative electrode interface resistance [Ohm.m2]"]


#: What follows the elastic modulus of the electrolyte, or hardness and strength in proportion to it (assumption, as
#: among brittle solids): a soft electrolyte closes its contacts easily and is crushed easily.
MODULI = (
    P + "local contact stiffness [GPa]",
    P + "gap contact stiffness [GPa]",
    P + "contact closing pressure [GPa]",
    P + "damage critical pressure [MPa]",
    "Separator confined modulus [GPa]",
)


@proposition(
    "C5",
    "The modulus of the electrolyte has an optimum for life, and a plastic electrolyte loses less contact.",
    source=f"{SONG_YB} Sec. 4.2; 002 argyrodite_review_2025 Sec. 2.3",
    control='"contact": "constant"',
)
def modulus(control: bool) -> Finding:
    """Capacity after 100 cycles in a constant volume, the modulus a tenth to ten times that of Li6PS5Cl."""
    options = {"stack pressure": "constant volume", "network damage": "strain and pressure"}
    options |= {"contact": "constant"} if control else {}
    values = accelerated(parameters.build("NCM811"), 20.0)
    run = Run(values, options, cycles=5, free=[*MODULI, "Solid electrolyte ductility"])
    factors = (0.1, 0.3, 1.0, 3.0, 10.0)
    life = [
        discharged(run(**{name: factor * values[name] for name in MODULI}))[-1]
        / values["Nominal cell capacity [A.h]"]
        for factor in factors
    ]
    lost = [
        last(run(**{"Solid electrolyte ductility": value}), "X-averaged positive electrode contact damage")
        for value in (1.0, 2.0)
    ]
    best = int(np.argmax(life))
    holds = 0 < best < len(factors) - 1 and lost[1] < lost[0]
    figures = {
        f"capacity over nominal at {f:g} times the modulus": q for f, q in zip(factors, life, strict=True)
    }
    return Finding(holds, figures | {"damage": lost[0], "damage, twice as ductile": lost[1]})


@proposition(
    "C6",
    "At low pressure contacts of active material with itself and with the electrolyte loosen and"
    " resistance rises; a larger contact"
    " factor delays the cut-off and adds capacity.",
    source=f"{SONG_YB} Sec. 5.1; 002 argyrodite_review_2025 Sec. 2 [74]",
    control='"contact": "full" and "network pressure": "none"',
)
def pressure_and_factor(control: bool) -> Finding:
    """Resistance at four pressures; capacity at C/2 of three contact factors."""
    options = {"contact": "full", "network pressure": "none"} if control else {}
    values = parameters.build("NCM811")
    pressures = (2.0, 10.0, 50.0, 200.0)
    pulse = Pulse(values, options, ["Stack pressure [MPa]"])
    ohms = [pulse(**{"Stack pressure [MPa]": p}) for p in pressures]
    factor = P + "largest contact fraction"
    run = Run(values, options, free=[factor])
    factors = (0.25, 0.5, 1.0)
    capacity = [discharged(run(**{factor: f}))[0] / values["Nominal cell capacity [A.h]"] for f in factors]
    rest = Run(values, options, ["Rest for 1 minute"], free=["Stack pressure [MPa]"])
    low, high = (rest(**{"Stack pressure [MPa]": p}) for p in (pressures[0], pressures[2]))
    names = (CONTACT, P + "effective electronic conductivity [S.m-1]")
    kept = [first(low, name) / first(high, name) for name in names]
    holds = falls(ohms) and rises(capacity) and max(kept) < 1
    figures = {f"resistance at {p:g} MPa [Ohm.cm2]": r for p, r in zip(pressures, ohms, strict=True)}
    figures |= {f"capacity over nominal at factor {f:g}": q for f, q in zip(factors, capacity, strict=True)}
    return Finding(holds, figures | {"contact kept at 2 MPa": kept[0], "electrons kept at 2 MPa": kept[1]})


@proposition(
    "C7",
    "Mechanical and chemical damage amplify each other: together they raise the interface resistance"
    " more than the sum of either"
    " alone, by more than 5 %.",
    source="004 feng_2025 Sec. 2.2; 002 argyrodite_review_2025 Sec. 2.2",
    control="contact that stays, so that only chemistry acts",
)
def amplification(control: bool) -> Finding:
    """Rise of the interface resistance over 120 cycles of one charge (6 at twenty times the rates), half discharged."""
    values = accelerated(parameters.build("NCM811"), 20.0)
    start = first(Run(values, steps=["Rest for 1 minute"])(), CONTACT)
    keeps = changed(values, **{P + "largest contact fraction": start})
    # The same charge and time in every run: a cell that ends its cycles sooner would age less.
    steps = ("Charge at 0.25C for 3 hours", "Discharge at 0.25C for 2.9 hours")

    def rise(mechanics: bool, chemistry: bool) -> float:
        moves = mechanics and not control
        options = {
            "interphase": "mixed" if chemistry else "constant",
            "contact": "pressure and damage" if moves else "constant",
        }
        cycles = Run(values if moves else keeps, options, steps, cycles=6)().cycles
        fresh, aged = (at_filling(each.steps[-1], INTERFACE, 0.6) for each in (cycles[0], cycles[-1]))
        return (aged - fresh) * 1e4

    together, mechanics, chemistry = rise(True, True), rise(True, False), rise(False, True)
    holds = together > 1.05 * (mechanics + chemistry)
    return Finding(
        holds,
        {
            "rise together [Ohm.cm2]": together,
            "rise by mechanics [Ohm.cm2]": mechanics,
            "rise by chemistry [Ohm.cm2]": chemistry,
        },
    )
