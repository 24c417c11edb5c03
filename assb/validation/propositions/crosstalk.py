"""Propositions H: what the electrodes of a full cell do to each other through the stack."""

from __future__ import annotations

from assb import parameters
from assb.models.closures.smooth import FARADAY
from assb.validation.propositions.protocols import (
    LTO,
    P,
    Q,
    Run,
    accelerated,
    changed,
    discharged,
    first,
    last,
)
from assb.validation.propositions.registry import Finding, proposition

SONG_G = "000 song_g_review"
SONG_YB = "001 song_yb_2022"
PRESSURE = "Stack pressure [MPa]"
CONTACT = "X-averaged positive electrode contact fraction"
OF_CATHODE = "Pressure contribution: positive electrode [MPa]"
OF_ANODE = "Pressure contribution: negative electrode [MPa]"
FOIL_VOLUME = "Negative electrode molar volume change [m3.mol-1]"
COMPOSITES = ("LTO", "graphite", "Si")


def charged(positive: str, negative: str, still: bool = False, anode: float = 1.0):
    """Solution of a slow charge of one charge, 1.5 mA.h.cm-2; `anode` scales the thickness of a composite."""
    area = 0.785e-4
    values = parameters.build(positive, negative=negative, area=area, nominal_capacity=1.5e-3 * area * 1e4)
    changes = {}
    if negative in COMPOSITES:
        changes["Negative electrode thickness [m]"] = anode * values["Negative electrode thickness [m]"]
        if still:
            changes["Negative electrode volume strain"] = lambda y: 0 * y
    elif still:
        changes[FOIL_VOLUME] = 0.0
    options = LTO if negative in COMPOSITES else {}
    return Run(changed(values, **changes), options, ["Charge at 0.05C for 20 hours"])()


@proposition(
    "H1",
    "Pressure follows the electrode that breathes more: up with LCO and more so against In-Li than LTO;"
    " with NCM811 down"
    " against LTO, up against graphite, In-Li and Li in this order, the anode first in each; N/P sets"
    " the amount.",
    source=f"{SONG_G} Sec. 5.2 [229], Fig. 13g",
    control="negative electrodes that do not breathe",
)
def breathing(control: bool) -> Finding:
    """Slow charges of 1.5 mA.h.cm-2 in one fixture."""

    def change(positive: str, negative: str, anode: float = 1.0) -> tuple[float, float]:
        solution = charged(positive, negative, control, anode)
        parts = abs(last(solution, OF_ANODE)) / max(abs(last(solution, OF_CATHODE)), 1e-9)
        return last(solution, PRESSURE) - first(solution, PRESSURE), parts

    negatives = ("LTO", "graphite", "InLi", "Li", "Si")
    found = {name: change("NCM811", name) for name in negatives}
    lco = {name: change("LCO", name)[0] for name in ("LTO", "InLi")}
    more, _ = change("NCM811", "graphite", 1.7 / 1.2)
    pressures = [found[name][0] for name in negatives]
    holds = (
        pressures[0] < 0 < pressures[1] < pressures[2] < pressures[3]
        and pressures[4] > 0
        and all(found[name][1] > 1 for name in negatives[1:])
        and 0 < lco["LTO"] < lco["InLi"]
        and abs(more / pressures[1] - 1) > 0.01
    )
    figures = {f"NCM811|{name} [MPa]": found[name][0] for name in negatives}
    figures |= {f"LCO|{name} [MPa]": value for name, value in lco.items()}
    figures |= {f"anode over cathode, {name}": found[name][1] for name in negatives}
    return Finding(bool(holds), figures | {"N/P 1.7 over 1.2, graphite": more / pressures[1]})


@proposition(
    "H2",
    "NCM811|Li thickens on charge: 50 um of lithium by 58 % at 6 mA.h.cm-2, against -7.8 % of NCM811.",
    source=f"{SONG_YB} Sec. 1, 5.1, s1_li_plating_strain",
    control="lithium without volume",
)
def lithium(control: bool) -> Finding:
    """A cathode of 6 mA.h.cm-2, charged slowly to 4.3 V; 2 % of 58 (density of lithium), 10 % of 7.8 (7.8 to 8.1)."""
    per_depth = parameters.build("NCM811", negative="Li")
    window = 0.9 - per_depth[P + "stoichiometry at 100% SOC"]
    density = (
        FARADAY
        * per_depth["Maximum concentration in positive electrode [mol.m-3]"]
        * per_depth[P + "active material volume fraction"]
        * per_depth[P + "active fraction"]
        * window
    )
    thickness = 6 * 3.6e4 / density
    values = parameters.build(
        "NCM811", negative="Li", positive_thickness=thickness, nominal_capacity=6e-3 * 0.785
    )
    if control:
        values = changed(values, **{FOIL_VOLUME: 0.0})
    solution = Run(values, None, ["Charge at 0.02C until 4.3 V"])()
    foil = last(solution, "Thickness change: negative electrode [m]")
    cathode = last(solution, "Thickness change: positive electrode [m]")
    charge = -last(solution, "Discharge capacity [A.h]") / 0.785 * 1e3
    grown = 100 * foil / 50e-6 * 6 / charge
    strain = 100 * last(solution, "X-averaged positive electrode volume strain")
    holds = foil + cathode > 0 and abs(grown / 58 - 1) < 0.02 and abs(strain / -7.8 - 1) < 0.1
    return Finding(
        holds,
        {
            "charge [mA.h.cm-2]": charge,
            "lithium [%] at 6 mA.h.cm-2": grown,
            "volume of NCM811 [%]": strain,
            "cathode [um]": 1e6 * cathode,
            "net [um]": 1e6 * (foil + cathode),
        },
    )


@proposition(
    "H3",
    "Expansion of the anode restores contact that shrinking of the cathode loses and adds life;"
    " relaxation of the stack removes"
    " the gain, and too much pressure turns it into damage of the electrolyte.",
    source=f"{SONG_G} Sec. 2.1, 5.2",
    control="foil that shrinks on charge, as the cathode does",
)
def opposite(control: bool) -> Finding:
    """NCM811|In-Li at constant volume against a foil without volume: 60 cycles (3 at twenty times the rates)."""
    lag, name = "Relaxing share of stack stiffness", "Stack pressure [MPa]"
    options = {"stack pressure": "constant volume", "network damage": "strain and pressure"}
    values = accelerated(parameters.build("NCM811"), 20.0)
    faster = P + "electrolyte damage rate"
    values = changed(values, **{faster: 20 * values[faster], "Stack relaxation time [s]": 600.0})
    run = Run(values, options, cycles=3, free=[FOIL_VOLUME, lag, name])
    volume = (-1 if control else 1) * values[FOIL_VOLUME]

    def of(breathes: bool, **state: float) -> tuple[float, float, float]:
        solution = run(**{FOIL_VOLUME: volume if breathes else 0.0}, **state)
        contact = last(solution.cycles[0].steps[0], CONTACT)
        damage = last(solution, P + "electrolyte network damage")
        return contact, float(discharged(solution)[-1] / values[Q]), damage

    (contact, life, damage), (still, life_still, damage_still) = of(True), of(False)
    relaxed, relaxed_still = (of(breathes, **{lag: 1.0})[0] for breathes in (True, False))
    pressed = {p: [of(breathes, **{name: p}) for breathes in (True, False)] for p in (200.0, 400.0, 800.0)}
    gains = {p: moving[1] / rests[1] - 1 for p, (moving, rests) in pressed.items()}
    added = {p: moving[2] - rests[2] for p, (moving, rests) in pressed.items()}
    gain, relaxed_gain = contact / still - 1, relaxed / relaxed_still - 1
    holds = (
        gain > 0.01
        and life > life_still
        and relaxed_gain < 0.5 * gain
        and gains[800.0] < 0
        and added[800.0] > added[200.0] > damage - damage_still > 0
    )
    return Finding(
        bool(holds),
        {
            "gain of contact at end of charge": gain,
            "gain where the stack relaxes": relaxed_gain,
            "gain of capacity after 60 cycles": life / life_still - 1,
            "damage of electrolyte added": damage - damage_still,
        }
        | {f"gain of capacity, from {p:g} MPa": value for p, value in gains.items()}
        | {f"damage of electrolyte added, from {p:g} MPa": value for p, value in added.items()},
    )
