"""Group B: diffusion in the particles."""

from __future__ import annotations

import numpy as np
import pybamm

from assb.validation.propositions.cycles import Cycles, discharges
from assb.validation.propositions.registry import Finding, proposition
from assb.validation.propositions.runs import (
    AGEING,
    LIQUID,
    PLAIN,
    Array,
    P,
    cell,
    changed,
    falls,
    liquid,
    run,
)

#: Pressed by the group whose cracks are quoted, as for its Table 3 [MPa]; the study itself does not say.
PRESSED = {P + "fabrication pressure [MPa]": 370.0}
#: Mechanisms of ageing that a control takes away, as rates.
RATES = ("contact damage rate", "cracking rate", "interphase parabolic constant [m2.s-1]")


def hundred(values: pybamm.ParameterValues, options, **arguments) -> Cycles:
    """Five cycles at twenty times the rates of ageing: as much strain and time as a hundred."""
    faster = changed(values, {P + name: 20 * values[P + name] for name in RATES})
    return Cycles(faster, options, 5, rate=0.1, **arguments)


@proposition(
    "B1",
    "First capacity falls faster with the size of secondary particles in a solid-state cell than with liquid"
    " electrolyte: 4.0 um better than 8.3 and 15.6 um, poor above about 5 um",
    source="SongReview, Sec. 2.2; Song2022, Sec. 4.1",
    control="contacts everywhere and no cracks, as with liquid",
)
def secondary_size(control: bool) -> Finding:
    """First discharge at 0.2C of three sizes and of their twins."""
    options = {**PLAIN, "cracking": "none"} if control else AGEING
    solid, wetted = [], []
    for diameter in (4.0e-6, 8.3e-6, 15.6e-6):
        values = cell(particle_radius=diameter / 2, initial_stoichiometry=0.95, overrides=PRESSED)
        solid.append(Cycles(values, options).utilisation[0])
        wetted.append(Cycles(liquid(values), LIQUID).utilisation[0])
    steeper = (solid[0] - solid[-1]) / (wetted[0] - wetted[-1])
    # "Faster": by a tenth at least. "Poor": more than a tenth is lost between 4.0 and 8.3 um, on both sides of 5 um.
    holds = falls(solid) and steeper > 1.1 and solid[1] < 0.9 * solid[0]
    figures = {f"utilisation at {d} um": u for d, u in zip((4.0, 8.3, 15.6), solid, strict=True)}
    figures |= {"with liquid at 15.6 um": wetted[-1], "slope over that with liquid": steeper}
    return Finding(bool(holds), figures)


@proposition(
    "B2",
    "Titration gives one diffusivity for solid and liquid electrolyte up to 3.75 V; above, the liquid gives more,"
    " because it wets the cracks that open",
    source="Song2022, Sec. 4.1",
    control="particles that do not crack",
)
def titration(control: bool) -> Finding:
    """Pulses and rests on a charge after fifteen cycles; the voltage against the root of time, and the rest."""
    cracked = changed(cell(initial_stoichiometry=0.9), PRESSED)
    solid = {**PLAIN, "cracking": "none" if control else "intergranular"}
    potential, apparent = _titrate(cracked, solid)
    other, twin = _titrate(liquid(cracked), LIQUID)
    ratio = np.interp(potential, other, twin) / apparent
    low, high = ratio[potential < 3.75].mean(), ratio[potential > 4.15].mean()
    # Titration of one cell twice scatters by some percent; the text gives no size.
    return Finding(bool(abs(low - 1) < 0.05 < high - 1), {"below 3.75 V": low, "above 4.15 V": high})


def _titrate(values: pybamm.ParameterValues, options) -> tuple[Array, Array]:
    """Equilibrium potential [V vs Li] and apparent diffusivity of a particle of unit radius [s-1]."""
    ageing = ("Charge at 0.2C until 3.68 V", "Discharge at 0.2C until 2.9 V")
    pulse = pybamm.step.string("Charge at 0.1C for 20 minutes", period="30 seconds")
    rest = pybamm.step.rest(duration=5 * 3600, period="1 hour")
    solution = run(values, [*[ageing] * 15, ("Rest for 5 hours",), *[(pulse, rest)] * 26], options)
    pulses = [cycle.steps for cycle in solution.cycles[16:]]
    ends = [solution.cycles[15].steps[0], *(steps[1] for steps in pulses)]
    level = np.array([step["Voltage [V]"].entries[-1] for step in ends])
    slopes = []
    for steps in pulses:
        time = np.asarray(steps[0].t - steps[0].t[0])
        early = (time >= 30) & (time <= 400)
        slopes.append(np.polyfit(np.sqrt(time[early]), steps[0]["Voltage [V]"].entries[early], 1)[0])
    # Weppner and Huggins: 4/pi (m V/(M A))^2 (dE_s/tau / (dE/d sqrt t))^2 with R/3 for the volume over the area.
    steady = np.diff(level) / (20 * 60)
    return 0.5 * (level[1:] + level[:-1]) + 0.62, 4 / (9 * np.pi) * (steady / np.array(slopes)) ** 2


@proposition(
    "B3",
    "The time of discharge falls as 1/I with liquid electrolyte; in the solid-state cell it turns to 1/I**2 at higher"
    " current",
    source="Song2022, Fig. 4g",
    control="contacts everywhere, as with liquid",
)
def discharge_time(control: bool) -> Finding:
    """Slope of log time against log current between neighbouring rates, both cells from the same charge."""
    rates = np.array([0.1, 0.2, 0.5, 1.0, 2.0])
    options = PLAIN if control else {"stripping": "none", "cracking": "intergranular"}
    slopes = []
    for kind in ("solid", "liquid"):
        values = changed(cell(initial_stoichiometry=0.3), PRESSED)
        chosen = options
        if kind == "liquid":
            values, chosen = liquid(values), LIQUID
        sets = [{"Electrode area [m2]": 1e-4}]
        times = np.array([discharges(values, sets, chosen, rate=k, model="SPM")[0] / k for k in rates])
        slopes.append(np.diff(np.log(times)) / np.diff(np.log(rates)))
    solid, wetted = slopes
    # Nearer to -2 than to -1 at the highest current and nearer to -1 at the lowest; with liquid always.
    holds = solid[-1] < -1.5 < solid[0] and solid[-1] > -2.5 and (wetted > -1.5).all()
    figures = {"solid, lowest": solid[0], "solid, highest": solid[-1], "liquid, highest": wetted[-1]}
    return Finding(bool(holds), figures)


@proposition(
    "B4",
    "More nickel (NCA80 to 95) gives a lower first efficiency and retention, the penalty far larger than with liquid"
    " electrolyte (strain and first charge are the materials' own)",
    source="SongReview, Sec. 3.1",
    control="no ageing by strain or oxidation",
)
def nickel(control: bool) -> Finding:
    """First cycles of particles of 10 um and of their twins, and the capacity that a hundred leave."""
    efficiency, retention, first, later = [], [], [], []
    for material in ("NCA", "NCA95"):
        values = cell(material, particle_radius=5e-6, initial_stoichiometry=0.96)
        if control:
            values.update({P + name: 1e-40 for name in RATES})
        solid, wetted = (Cycles(*k, rate=0.1) for k in ((values, AGEING), (liquid(values), LIQUID)))
        kept, wet = (hundred(*k) for k in ((values, AGEING), (liquid(values), LIQUID)))
        efficiency.append(solid.efficiency)
        retention.append(kept.retention)
        first.append(solid.efficiency - wetted.efficiency)
        later.append(kept.retention - wet.retention)
    twin = (retention[0] - later[0]) - (retention[-1] - later[-1])
    penalty = retention[0] - retention[-1]
    # "Far larger": three times, and more than the cut-off is located to.
    far = penalty > 3 * abs(twin) and penalty > 1e-3
    figures = {"first efficiency, NCA80": efficiency[0], "first efficiency, NCA95": efficiency[-1]}
    figures |= {"retention, NCA80": retention[0], "retention, NCA95": retention[-1]}
    figures |= {"first efficiency, NCA95 less liquid": first[-1], "penalty in retention with liquid": twin}
    return Finding(all(falls(k) for k in (efficiency, retention, first, later)) and bool(far), figures)
