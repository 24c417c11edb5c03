"""Group D: oxidised and reduced electrolyte."""

from __future__ import annotations

import numpy as np
import pybamm

from assb import parameters
from assb.validation.propositions.cycles import Cycles
from assb.validation.propositions.protocols import accelerated
from assb.validation.propositions.registry import Finding, proposition
from assb.validation.propositions.runs import (
    AGEING,
    MEAN,
    PLAIN,
    Array,
    P,
    cell,
    changed,
    rises,
    run,
)

#: Electrolyte oxidises on the active material and on carbon.
OXIDISING = {**PLAIN, "interphase": "mixed", "carbon interphase": "growing"}
#: It also forms a first layer, and the fixture answers.
FORMING = {**OXIDISING, "interphase formation": "first charge", "stack pressure": "spring"}
#: Lithium that oxidised electrolyte gave up [mol].
RELEASED = "Lithium released by solid electrolyte [mol]"
#: Potential of LTO, against which nothing but the electrolyte moves [V].
LTO = 1.571


class Rigid:
    """Strain of a host that does not breathe."""

    def __call__(self, y):
        """Strain, zero, at stoichiometry `y`."""
        return 0.0 * y


def ruthenia(electrolyte: str = "Li6PS5Cl0.5Br0.5") -> pybamm.ParameterValues:
    """RuO2, which neither takes up lithium nor breathes, with electrolyte against LTO."""
    return cell(
        "RuO2",
        electrolyte,
        "LTO",
        composition={"active material": 70, "solid electrolyte": 30},
        initial_stoichiometry=0.9,
    )


def host(electrolyte: str = "Li6PS5Cl", **arguments) -> pybamm.ParameterValues:
    """Oxide without its strain against LTO: what moves is the electrolyte."""
    values = cell("NCM811", electrolyte, "LTO", initial_stoichiometry=0.95, **arguments)
    return changed(values, {P + "volume strain": Rigid()})


def losses(values: pybamm.ParameterValues, options) -> tuple[Array, Array, Array]:
    """Potential [V vs Li], pressure lost [MPa] and lithium released [mol] over a slow charge to 4.3 V."""
    # LTO reacts where ions arrive first: resolved, on few points.
    mesh = {"x_n": 4, "x_p": 4, "r_n": 3, "r_p": 6}
    solution = run(values, f"Charge at 0.1C until {4.3 - LTO:.3f} V", options, "DFN", mesh)
    names = ("Voltage [V]", "Stack pressure [MPa]", RELEASED)
    voltage, pressure, released = (np.asarray(solution[name].entries) for name in names)
    return voltage + LTO, pressure[0] - pressure, released


def capacity_of(values: pybamm.ParameterValues) -> float:
    """Lithium [mol] of 1 mA.h per gram of active material of 4.78 g/cm3."""
    volume = values["Electrode area [m2]"] * values[P + "thickness [m]"]
    return float(4.78e6 * values[P + "active material volume fraction"] * volume * 3.6 / 96485.33212)


@proposition(
    "D1",
    "Electrolyte oxidises early in the first charge, from about 2.2 V, on a host that neither takes up lithium nor"
    " breathes (RuO2): pressure falls and voids grow with the charge of oxidation",
    source="SongReview, Sec. 4.2 and 4.3; Song2022, Sec. 3.2",
    control="electrolyte that does not oxidise",
)
def early_oxidation(control: bool) -> Finding:
    """RuO2 against LTO, charged slowly to 4.3 V."""
    off = {"interphase": "constant"} if control else {}
    level, pressure, released = losses(ruthenia(), {**FORMING, **off})
    if pressure[-1] <= 0:
        return Finding(False, {"lost in all [MPa]": float(pressure[-1])})
    begins, half = np.interp([0.05 * pressure[-1], 0.5 * pressure[-1]], pressure, level)
    linear = float(np.corrcoef(pressure, released)[0, 1])
    figures = {
        "lost in all [MPa]": pressure[-1],
        "begins [V]": begins,
        "half [V]": half,
        "voids with charge": linear,
    }
    # The onset is quoted as 2.0 to 2.5 V; the text gives no size of the loss.
    return Finding(bool(2.0 < begins < 2.5 and half < 2.7 and linear > 0.99), figures)


@proposition(
    "D2",
    "With Li3YCl6 in place of the sulfide the early loss of pressure disappears",
    source="Song2022, Sec. 4.2",
    control="a halide that oxidises where the sulfide does",
)
def halide(control: bool) -> Finding:
    """The charge of D1 with both electrolytes, up to 4.0 V."""
    early = []
    for electrolyte in ("Li6PS5Cl0.5Br0.5", "Li3YCl6"):
        values = ruthenia(electrolyte)
        if control:
            values[P + "interphase oxidation onset [V]"] = 2.2
        level, pressure, _ = losses(values, FORMING)
        early.append(np.interp(4.0, level, pressure))
    share = early[1] / early[0]
    return Finding(bool(early[0] > 0 and abs(share) < 0.05), {"loss, halide over sulfide": share})


@proposition(
    "D3",
    "An electrolyte that conducts electrons better, the more crystalline one, oxidises more and loses more pressure",
    source="Song2022, Sec. 3.2",
    control="oxidation that needs no electrons through the electrolyte",
)
def leaky_electrolyte(control: bool) -> Finding:
    """Slow first charge with two states of one electrolyte."""
    oxidised, fallen = [], []
    for state in ("glass-ceramic", "crystalline"):
        values = host(f"Li6PS5Cl {state}")
        if control:
            values["Electronic conductivity oxidation exponent"] = 0.0
        _, pressure, released = losses(values, {**OXIDISING, "stack pressure": "spring"})
        oxidised.append(released[-1] / capacity_of(values))
        fallen.append(pressure[-1])
    figures = {"oxidised, crystalline over glass-ceramic": oxidised[-1] / oxidised[0]}
    figures |= {"pressure lost, crystalline over glass-ceramic": fallen[-1] / fallen[0]}
    # The ionic conductivity differs as well: five percent is more than that makes.
    return Finding(bool(rises(oxidised, 0.05) and rises(fallen, 0.05)), figures)


@proposition(
    "D4",
    "Carbon intensifies the oxidation of electrolyte; a cathode that needs none oxidises least",
    source="SongReview, Sec. 4.2; Feng2025",
    control="carbon at which electrolyte does not oxidise",
)
def carbon(control: bool) -> Finding:
    """Slow first charge with 0, 1.5 and 3 percent of carbon by mass."""
    found = []
    for share in (0.0, 1.5, 3.0):
        recipe = {"active material": 70, "solid electrolyte": 30 - share, "carbon": share}
        values = host(composition=recipe)
        options = {**OXIDISING, "carbon interphase": "none" if control else "growing"}
        found.append(losses(values, options)[2][-1] / capacity_of(values))
    figures = {f"oxidised [mA.h.g-1] with {c} percent": x for c, x in zip((0, 1.5, 3), found, strict=True)}
    # More than the volume of carbon changes the rest of the composite.
    return Finding(rises(found, 0.1), figures)


@proposition(
    "D5",
    "Growth follows the area between active material and electrolyte: small single crystals have the largest share of"
    " decomposed electrolyte and the largest D2, but little D1",
    source="Oh2026, Fig. 3",
    control="small particles as large as the large ones, with their strain",
)
def area(control: bool) -> Finding:
    """Cycles of both end members: decomposition, film per electrode, contact damage."""
    large = parameters.get("Oh2026_LTO", blend=1.0)
    found = []
    for blend in (1.0, 0.0):
        values = parameters.get("Oh2026_LTO", blend=blend)
        if control:
            values.update({k: large[k] for k in ("Positive particle radius [m]", P + "volume strain")})
        aged = _aged(values)
        consumed, film, lost, contact = (
            aged.after_discharge(MEAN + k)[-1]
            for k in (
                "consumed electrolyte volume fraction",
                "film resistance [Ohm.m2]",
                "contact damage",
                "contact area to volume ratio [m-1]",
            )
        )
        share = consumed / values[P + "solid electrolyte volume fraction"]
        found.append((share, film / contact / values[P + "thickness [m]"], lost))
    more, thicker, less = (float(small / great) for great, small in zip(*found, strict=True))
    figures = {"decomposed, small over large": more, "film (D2), small over large": thicker}
    figures |= {"contact damage (D1), small over large": less}
    return Finding(bool(more > 1.1 and thicker > 1 and less < 0.9), figures)


def _aged(values: pybamm.ParameterValues) -> Cycles:
    """Three cycles at C/20 and fifty times the rates of ageing; such a cell has lost as much as after 150.

    At C/20 all blends pass the whole window: with the radii assumed for them the large particles do not charge at C/2.
    """
    options = {k: v for k, v in AGEING.items() if k != "cracking"}
    mesh = {"x_n": 3, "x_p": 5, "r_n": 3, "r_p": 8}
    return Cycles(accelerated(values, 50.0), options, 3, rate=0.05, window=(2.7, 4.3), model="DFN", mesh=mesh)


@proposition(
    "D6",
    "The extent of reaction does not rank life: the 7:3 blend reacts a little more than large particles alone and"
    " fades less",
    source="Oh2026",
    control="contacts that strain does not damage",
)
def not_by_reaction(control: bool) -> Finding:
    """As in D5, for two blends."""
    reacted, kept = [], []
    for blend in (1.0, 0.7):
        values = parameters.get("Oh2026_LTO", blend=blend)
        if control:
            values[P + "contact damage rate"] = 0.0
        aged = _aged(values)
        reacted.append(aged.after_discharge(MEAN + "consumed electrolyte volume fraction")[-1])
        kept.append(aged.retention)
    figures = {"reacted, 7:3 over 10:0": reacted[1] / reacted[0]}
    figures |= {"retention, 10:0": kept[0], "retention, 7:3": kept[1]}
    return Finding(bool(reacted[1] > reacted[0] and kept[1] > kept[0]), figures)
