"""Group D: oxidised and reduced electrolyte."""

from __future__ import annotations

import numpy as np
import pybamm

from assb import parameters
from assb.validation.propositions.ageing import Aged
from assb.validation.propositions.registry import Finding, not_run, proposition
from assb.validation.propositions.runs import (
    AGEING,
    MEAN,
    PLAIN,
    Array,
    Cycles,
    P,
    cell,
    changed,
    falls,
    pulse_resistance,
    resistance,
    rises,
    run,
    storage,
)

#: Electrolyte oxidises on the active material and on carbon, and forms a first layer.
OXIDISING = {
    **PLAIN,
    "interphase": "mixed",
    "carbon interphase": "growing",
    "interphase formation": "first charge",
}
#: The same in a fixture that answers.
PRESSURISED = {**OXIDISING, "stack pressure": "spring"}
#: Lithium that oxidised electrolyte gave up [mol].
RELEASED = "Lithium released by solid electrolyte [mol]"
CONSUMED = MEAN + "consumed electrolyte volume fraction"


class Rigid:
    """Strain of a host that does not breathe."""

    def __call__(self, y):
        return 0.0 * y


def host(**arguments) -> pybamm.ParameterValues:
    """Composite that does not breathe against LTO, which does not either: what moves is the electrolyte."""
    arguments.setdefault("initial_stoichiometry", 0.95)
    values = cell(negative="LTO", **arguments)
    return changed(values, {P + "volume strain": Rigid()})


def charge(values: pybamm.ParameterValues, options=None) -> pybamm.Solution:
    """Slow charge of a cell against LTO to 4.3 V vs Li."""
    return run(values, "Charge at 0.05C until 2.729 V", options or PRESSURISED)


def lost(solution: pybamm.Solution, share: float) -> float:
    """Pressure lost in the first share of a charge [MPa]."""
    pressure, passed = solution["Stack pressure [MPa]"].entries, solution["Discharge capacity [A.h]"].entries
    return float(pressure[0] - np.interp(share * -passed[-1], -passed, pressure))


@proposition(
    "D1",
    "Electrolyte oxidises from early in the first charge, shrinks and loses pressure in a host that does not breathe;"
    " the voids grow with the charge of oxidation",
    source="SongReview, Sec. 4.2 and 4.3; Song2022, Sec. 3.2",
    control="electrolyte that does not oxidise",
)
def early_oxidation(control: bool) -> Finding:
    """Slow first charge of a host without strain against LTO."""
    off = {"interphase": "constant", "carbon interphase": "none"} if control else {}
    solution = charge(host(), {**PRESSURISED, **off})
    early, whole = lost(solution, 0.1), lost(solution, 1.0)
    voids = -solution["Thickness change: solid electrolyte [m]"].entries
    oxidised = solution[RELEASED].entries
    linear = float(np.corrcoef(voids, oxidised)[0, 1]) if np.ptp(voids) > 0 else 0.0
    figures = {
        "lost in the first tenth [MPa]": early,
        "lost in all [MPa]": whole,
        "voids with charge": linear,
    }
    # "Early": no later than in proportion to the charge. The text gives no size of the loss.
    return Finding(bool(early > 0.1 * whole > 0 and linear > 0.99), figures)


@proposition(
    "D2",
    "With Li3YCl6 in place of the sulfide the early loss of pressure disappears",
    source="Song2022, Sec. 4.2",
    control="a halide that oxidises where the sulfide does",
)
def halide(control: bool) -> Finding:
    """The charge of D1 with an electrolyte stable to 4.3 V; nothing else differs."""
    early = []
    for onset in (2.2, 2.2 if control else 4.3):
        early.append(lost(charge(changed(host(), {P + "interphase oxidation onset [V]": onset})), 0.1))
    share = early[1] / early[0]
    return Finding(bool(early[0] > 0 and share < 0.05), {"early loss, halide over sulfide": share})


@proposition(
    "D3",
    "An electrolyte that conducts electrons better oxidises more and loses more pressure",
    source="Song2022, Sec. 3.2",
    control="oxidation that needs no electrons through the electrolyte",
)
def leaky_electrolyte(control: bool) -> Finding:
    """Charge and a day of rest with the electronic conductivities of coated and bare powder, and ten times that."""
    oxidised, fallen = [], []
    for conductivity in (1.7e-7, 6.3e-7, 6.3e-6):
        values = changed(host(), {"Solid electrolyte electronic conductivity [S.m-1]": conductivity})
        if control:
            values["Electronic conductivity oxidation exponent"] = 0.0
        steps = [("Charge at 0.1C until 2.729 V", "Rest for 24 hours")]
        solution = run(values, steps, PRESSURISED)
        oxidised.append(solution[RELEASED].entries[-1] / oxidised_unit(values))
        pressure = solution["Stack pressure [MPa]"].entries
        fallen.append(pressure[0] - pressure[-1])
    figures = {
        f"oxidised [mA.h.g-1] at {c} S/m": x for c, x in zip((1.7e-7, 6.3e-7, 6.3e-6), oxidised, strict=True)
    }
    figures |= {"pressure lost, most over least": fallen[-1] / fallen[0]}
    return Finding(bool(rises(oxidised, 0.05) and rises(fallen, 0.05)), figures)


def oxidised_unit(values: pybamm.ParameterValues) -> float:
    """Lithium [mol] of 1 mA.h per gram of active material of 4.78 g/cm3."""
    volume = values["Electrode area [m2]"] * values[P + "thickness [m]"]
    return float(4.78e6 * values[P + "active material volume fraction"] * volume * 3.6 / 96485.33212)


@proposition(
    "D4",
    "Carbon intensifies the oxidation of electrolyte; a layer on the active material does not stop that part",
    source="SongReview, Sec. 4.2; Feng2025",
    control="carbon at which electrolyte does not oxidise",
)
def carbon(control: bool) -> Finding:
    """Slow first charge with 0, 1.5 and 3 percent of carbon by mass, the last also with a coated oxide."""
    options = {**OXIDISING, "carbon interphase": "none" if control else "growing"}
    found = []
    for share, coated in ((0.0, 0.0), (1.5, 0.0), (3.0, 0.0), (3.0, 0.9)):
        recipe = {"active material": 70, "solid electrolyte": 30 - share, "carbon": share}
        values = changed(host(composition=recipe), {P + "coated fraction": coated})
        found.append(charge(values, options)[RELEASED].entries[-1] / oxidised_unit(values))
    bare = found[:3]
    figures = {f"oxidised [mA.h.g-1] with {c} percent": x for c, x in zip((0, 1.5, 3), bare, strict=True)}
    figures |= {"with 3 percent and a coated oxide": found[3]}
    # More than the volume of carbon changes the rest of the composite.
    holds = rises(bare, 0.1) and found[3] - 0.1 * found[0] > 0.5 * (found[2] - found[0])
    return Finding(bool(holds), figures)
