"""Propositions F: stack pressure and fixture."""

from __future__ import annotations

import numpy as np

from assb import parameters
from assb.parameters import Blend
from assb.parameters.cells.oh2026_lto import ONE_C
from assb.validation.propositions.protocols import (
    LTO,
    BlendRun,
    P,
    Q,
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
OH = "003 oh_2026"
PRESSURE = "Stack pressure [MPa]"
CONTACT = "X-averaged positive electrode contact fraction"
#: A charge and the discharge of the same charge: back to the same stoichiometry.
THERE_AND_BACK = ("Charge at 0.25C for 3 hours", "Discharge at 0.25C for 3 hours")
#: No lag of the stack: what is left after a cycle is irreversible.
NO_LAG = {"Relaxing share of stack stiffness": 0.0}


@proposition(
    "F1",
    "NCM|LTO at constant volume loses pressure on charge and regains it on discharge; oxidation of the"
    " electrolyte takes a part"
    " that does not come back.",
    source=f"{SONG_G} Sec. 5.2; 002 argyrodite_review_2025 Sec. 4.6",
    control='"interphase": "constant", no oxidation',
)
def swing(control: bool) -> Finding:
    """One cycle of equal charge with and without oxidation on oxide and carbon."""
    chemistry = (
        {"interphase": "constant"} if control else {"interphase": "mixed", "carbon interphase": "growing"}
    )
    values = changed(parameters.build("NCM811", negative="LTO"), **NO_LAG)
    solution = Run(values, LTO | {"stack pressure": "constant volume"} | chemistry, THERE_AND_BACK)()
    charge, discharge = solution.cycles[0].steps
    start, top, end = first(charge, PRESSURE), last(charge, PRESSURE), last(discharge, PRESSURE)
    lost = start - end
    # Ten times the relative tolerance of the solver.
    holds = top < start and end > top and lost > 1e-4 * (start - top)
    return Finding(
        holds,
        {
            "change on charge [MPa]": top - start,
            "change on discharge [MPa]": end - top,
            "not recovered [MPa]": lost,
        },
    )


@proposition(
    "F2",
    "Retention of NCM|LTO falls with the stiffness of the fixture: constant pressure is best, constant"
    " volume worst.",
    source=f"{SONG_G} Sec. 5.2 [14,222]",
    control="strain of the cathode reversed, so that a stiff fixture gains pressure on charge",
)
def stiffness(control: bool) -> Finding:
    """Retention of the fifth cycle (twenty times the rates) in four fixtures."""
    values = accelerated(parameters.build("NCM811", negative="LTO"), 20.0)
    if control:
        strain = values[P + "volume strain"]
        values = changed(values, **{P + "volume strain": lambda y: -strain(y)})
    name = "Fixture stiffness [MPa.um-1]"
    run = Run(values, LTO, cycles=5, free=[name])
    fixtures = (0.0, 0.7, 20.0, 1e6)
    found = [discharged(run(**{name: k})) for k in fixtures]
    retention = [float(q[-1] / q[0]) for q in found]
    capacity = [float(q[-1] / values[Q]) for q in found]
    figures = {f"retention at {k:g} MPa/um": r for k, r in zip(fixtures, retention, strict=True)}
    figures |= {f"capacity over nominal at {k:g} MPa/um": q for k, q in zip(fixtures, capacity, strict=True)}
    return Finding(falls(retention) and falls(capacity), figures)


@proposition(
    "F3",
    "Pressing an aged constant-volume cell again raises its capacity, but not its later retention.",
    source=f"{SONG_G} Sec. 5.2 [223,224]",
    control='"contact": "constant"',
)
def pressed_again(control: bool) -> Finding:
    """200 cycles (10 at twenty times the rates) under creep of the stack; then the first pressure once more."""
    options = LTO | {"stack pressure": "constant volume", "pressure drift": "logarithmic"}
    options |= {"contact": "constant"} if control else {}
    drift, damage = "Pressure drift share", P + "initial contact damage"
    grown = P + "initial interphase thickness [m]"
    values = accelerated(parameters.build("NCM811", negative="LTO"), 20.0)
    # A tenth of the pressure in two days.
    values = changed(values, **{drift: 0.03})
    run = Run(values, options, cycles=10, free=["Stack pressure [MPa]", damage, grown])
    before = run()
    state = {
        damage: last(before, "X-averaged positive electrode contact damage"),
        grown: last(before, "X-averaged positive electrode interphase thickness [m]"),
    }
    pressure = last(before, PRESSURE)
    left = run(**state, **{"Stack pressure [MPa]": pressure})
    again = run(**state)
    q = [discharged(each) / values[Q] for each in (before, left, again)]
    gain = float(q[2][1] / q[0][-1] - 1)
    fades = [float(1 - each[-1] / each[1]) for each in q]
    # More than one cycle takes; gone at the end; retention no better than without pressing, within a tenth.
    holds = gain > fades[0] / 8 and q[2][-1] < q[0][-1] and fades[2] > 0.9 * fades[1]
    return Finding(
        holds,
        {
            "pressure before [MPa]": pressure,
            "gain of capacity": gain,
            "fade in ten cycles, not pressed": fades[1],
            "fade in ten cycles, pressed": fades[2],
        },
    )


def pressure_change(positive, negative: str = "LTO", changes=None, options=None, end: float = 4.2) -> float:
    """Pressure [MPa] at the end of a slow charge to a potential against lithium less that at its start."""
    plateau = {"LTO": 1.571, "InLi": 0.62, "Li": 0.0, "graphite": 0.1}[negative]
    values = changed(parameters.build(positive, negative=negative), **(changes or {}))
    chosen = LTO if negative in ("LTO", "graphite") else {}
    if isinstance(positive, Blend):
        chosen = chosen | {"positive populations": "two"}
    solution = Run(values, chosen | (options or {}), [f"Charge at C/20 until {end - plateau} V"])()
    return last(solution, PRESSURE) - first(solution, PRESSURE)


@proposition(
    "F4",
    "Against LTO, pressure rises on charge with LCO, falls with NCM811, and stays with 55:45 by mass.",
    source=f"{SONG_YB} Sec. 5.1 [42], s1_blend_flat_pressure",
    control="strain of LCO reversed",
)
def blend(control: bool) -> Finding:
    """Slow charges to 4.2 V; flat: below a fifth of the smaller end member, the zero within 0.1 of 0.55."""
    size = (2.5e-6, 2.5e-6)

    def change(lco: float) -> float:
        changes = {}
        if control:
            name = P + "volume strain" if lco == 1 else "Primary: " + P + "volume strain"
            values = parameters.build("LCO")[P + "volume strain"]
            changes = {name: lambda y: -values(y)} if lco > 0 else {}
        mixed = (
            Blend(("LCO", "NCM811"), (lco, 1 - lco), size) if 0 < lco < 1 else ("LCO" if lco else "NCM811")
        )
        return pressure_change(mixed, changes=changes)

    shares = (0.0, 0.45, 0.55, 0.65, 1.0)
    found = [change(share) for share in shares]
    zero = float(np.interp(0.0, found, shares)) if rises(found) and found[0] < 0 < found[-1] else np.nan
    holds = found[-1] > 0 > found[0] and abs(found[2]) < 0.2 * min(abs(found[0]), abs(found[-1]))
    holds = bool(holds and abs(zero - 0.55) < 0.1)
    figures = {f"change at LCO share {s:g} [MPa]": p for s, p in zip(shares, found, strict=True)}
    return Finding(holds, figures | {"share of LCO at zero": zero})


def oh_swing(run: BlendRun, share: float) -> tuple[float, float]:
    """Pressure swing [MPa] of the second discharge, and its capacity [mA.h.g-1]."""
    solution = run(share)
    step = solution.cycles[-1].steps[-1]
    mass = run.values[share][Q] / ONE_C
    return last(step, PRESSURE) - first(step, PRESSURE), float(discharged(solution)[-1]) * 1e3 / mass


def half_rate(values) -> tuple[str, ...]:
    """Cycle at C/2."""
    return cycle(values, 0.5)


@proposition(
    "F5",
    "The pressure swing of blends is the mean of their end members by mass, whatever the porosity.",
    source=f"{OH} main text, s3_stress_change: 0.303 MPa at 8:2 between 0.333 and 0.191",
    control="share of the strain that is absorbed in proportion to the porosity of each blend",
)
def mixing(control: bool) -> Finding:
    """Swings at C/2 of three blends against the mean of the end members, within the 10 % of the sensor."""

    def edit(values, share):
        absorbed = 0.3 * values[P + "void fraction"] / 0.0755
        names = [name for name in values.keys() if name.endswith(P + "absorbed strain share")]
        return changed(values, **dict.fromkeys(names, absorbed)) if control else values

    shares = (0.8, 0.7, 0.6)
    ends = BlendRun((1.0, 0.0), LTO, half_rate, cycles=2, edit=edit)
    blends = BlendRun(shares, LTO, half_rate, cycles=2, populations="two", edit=edit)
    large, small = (oh_swing(ends, share)[0] for share in (1.0, 0.0))
    figures = {"swing 10:0 [MPa]": large, "swing 0:10 [MPa]": small}
    ratios = {share: oh_swing(blends, share)[0] / (share * large + (1 - share) * small) for share in shares}
    figures |= {f"swing at {s:g} over mean of the end members": r for s, r in ratios.items()}
    return Finding(max(abs(r - 1) for r in ratios.values()) < 0.1, figures)


@proposition(
    "F6",
    "The swing of large polycrystals exceeds that of small single crystals by more than their lattice"
    " strains tell: 0.191 against"
    " 0.333 MPa, a ratio of 0.57.",
    source=f"{OH} main text, s3_stress_change; 002 argyrodite_review_2025 Sec. 4.6",
    control="strain of the polycrystals in both",
)
def polycrystals(control: bool) -> Finding:
    """Two cells at C/2; within 15 %, as the scatter of either swing is 10 %."""
    run = BlendRun((1.0, 0.0), LTO, half_rate, cycles=2, strain_of=1.0 if control else None)
    (large, charge), (small, charge_small) = (oh_swing(run, share) for share in (1.0, 0.0))
    return Finding(
        abs(small / large / 0.57 - 1) < 0.15,
        {
            "swing PC [MPa]": large,
            "swing SC [MPa]": small,
            "ratio": small / large,
            "capacity PC [mA.h.g-1]": charge,
            "capacity SC [mA.h.g-1]": charge_small,
        },
    )


@proposition(
    "F7",
    "Decomposition of the electrolyte hardly changes the stack pressure, but opens contacts, the more so"
    " at mild pressure.",
    source=f"{SONG_YB} Sec. 3.2",
    control="gap contact stiffness zero: lost volume leaves the contacts alone",
)
def local(control: bool) -> Finding:
    """200 cycles (10 at twenty times the rates) with and without growth, from 5 and 100 MPa."""
    values = accelerated(parameters.build("NCM811", negative="LTO"), 20.0)
    gap = P + "gap contact stiffness [GPa]"
    if control:
        values = changed(values, **{gap: 0.0})
    runs = [
        Run(values, LTO | {"interphase": law}, THERE_AND_BACK, cycles=10, free=["Stack pressure [MPa]"])
        for law in ("mixed", "constant")
    ]
    figures = {}
    for pressure in (5.0, 100.0):
        grown, bare = (run(**{"Stack pressure [MPa]": pressure}) for run in runs)
        swing_ = float(np.ptp(bare.cycles[0].steps[0][PRESSURE].data))
        figures[f"pressure lost over swing, {pressure:g} MPa"] = (
            last(bare, PRESSURE) - last(grown, PRESSURE)
        ) / swing_
        figures[f"contact lost, {pressure:g} MPa"] = 1 - last(grown, CONTACT) / last(bare, CONTACT)
    total, mild, _, high = figures.values()
    # Hardly: a twentieth of the swing; more at mild pressure: at least twice.
    holds = abs(total) < 0.05 and mild > 0.005 and mild > 2 * high
    return Finding(holds, figures)


@proposition(
    "F8",
    "Life has its optimum at an intermediate pressure, which delays failure and does not stop it.",
    source=f"{SONG_YB} Sec. 5.1; 004 feng_2025 Sec. 2.1",
    control="critical pressure a hundredfold: pressure cracks nothing",
)
def optimum(control: bool) -> Finding:
    """Retention of 100 cycles (5 at twenty times the rates) at constant pressures of 2 to 500 MPa."""
    values = accelerated(parameters.build("NCM811"), 20.0)
    name = P + "damage critical pressure [MPa]"
    if control:
        values = changed(values, **{name: 100 * values[name]})
    options = {"stack pressure": "constant pressure"}
    run = Run(values, options, cycles=5, free=["Stack pressure [MPa]"])
    pressures = (2.0, 20.0, 60.0, 120.0, 250.0, 500.0)
    retention = []
    for pressure in pressures:
        q = discharged(run(**{"Stack pressure [MPa]": pressure}))
        retention.append(float(q[-1] / q[0]))
    best = int(np.argmax(retention))
    holds = 0 < best < len(pressures) - 1 and retention[best] < 1 and retention[best] - retention[-1] > 1e-3
    return Finding(holds, {f"retention at {p:g} MPa": r for p, r in zip(pressures, retention, strict=True)})


@proposition(
    "F9",
    "Signals of the electrodes subtract: the pressure of NCM|graphite less that of NCM|LTO is that of"
    " graphite alone.",
    source=f"{SONG_YB} Sec. 5.1 [45]",
    control='"stack pressure": "constant pressure", no signal',
)
def subtraction(control: bool) -> Finding:
    """Slow charges of one charge; graphite alone is a cell whose cathode does not breathe. Within 5 %."""
    options = LTO | ({"stack pressure": "constant pressure"} if control else {})
    signals = []
    for negative, breathes in (("graphite", True), ("LTO", True), ("graphite", False)):
        values = changed(parameters.build("NCM811", negative=negative, nominal_capacity=3e-4), **NO_LAG)
        if not breathes:
            values = changed(values, **{P + "volume strain": lambda y: 0 * y})
        solution = Run(values, options | {"interphase": "constant"}, ["Charge at 0.1C for 8 hours"])()
        times = np.linspace(0.5, 8, 16) * 3600
        signals.append(solution[PRESSURE](times) - first(solution, PRESSURE))
    graphite, alone = signals[0] - signals[1], signals[2]
    size = float(np.abs(alone).max())
    error = float(np.abs(graphite - alone).max() / max(size, 1e-12))
    return Finding(
        size > 0.05 and error < 0.05,
        {"signal of graphite [MPa]": size, "error of the difference": error},
    )
