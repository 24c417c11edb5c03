"""Zhou 2025: fade of NCM811 cells against lithium metal at two stack pressures."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from assb.models.closures import contact_pressure, pressure_response
from assb.validation.published.fit import frozen
from assb.validation.published.study import Quantity, Study, register
from assb.validation.studies.ageing_laws import (
    damage,
    value,
)
from assb.validation.studies.cathodes import (
    CM2,
    Cathode,
    cathode,
    cell_resistance,
    discharge_capacity,
)
from assb.validation.studies.kang2023 import GROWTH

#: Conditions of the rows: NCM811, Li6PS5Cl, pressed at 375 MPa. Recipe and thickness are the library's defaults.
RECIPE = {"active material": 70.0, "solid electrolyte": 27.0, "carbon": 3.0}
THICKNESS, FABRICATION, TEMPERATURE, RATE = 30e-6, 375.0, 298.15, 0.5
#: Resistance between electrolyte and oxide in the first cycle at a pressure [MPa], coarse electrolyte; from the words
#: of the rows, unit taken as Ohm cm2. It sets the contact area, as particle sizes are not in the rows.
FRESH, AT = 65.0, 30.0
#: First and last cycle of the fade.
FIRST, LAST = 2.0, 100.0

Parts = Mapping[str, str]


@lru_cache
def _cathode() -> Cathode:
    return cathode("NCM811", RECIPE, FABRICATION, TEMPERATURE, thickness=THICKNESS)


def closed_contact(pressure: float) -> float:
    """Share of the contact that a stack pressure [MPa] closes, discharged."""
    p = contact_pressure(
        1e6 * pressure,
        value("CONTACT", "transmitted pressure share"),
        1e6 * value("CONTACT", "residual contact pressure [MPa]"),
        0.0,
        1e9 * value("CONTACT", "local contact stiffness [GPa]"),
        0.0,
        1e9 * value("CONTACT", "gap contact stiffness [GPa]"),
    )
    return float(pressure_response(p, 1e9 * value("CONTACT", "contact closing pressure [GPa]")))


def _layered(cycle: float) -> float:
    """Resistance per true contact area at a cycle [Ohm.m2]: charge transfer, bare interface, interphase."""
    layer = frozen("k23").mapping()[GROWTH] / CM2 * cycle**0.5
    return _cathode().charge_transfer + value("INTERPHASE", "interface resistance [Ohm.m2]") + layer


def capacity(pressure: float, cycle: float) -> float:
    """Discharge capacity at a cycle [mA.h.g-1]: charge transfer, interphase, lost contact and isolated particles.

    The interphase grows as that on NCA in Kang 2023, per true contact area, for want of rows to calibrate it.
    """
    electrode = _cathode()
    state = damage(cycle, electrode, pressure)
    closed = closed_contact(pressure) / closed_contact(AT) * (1 - state.contact)
    interface = FRESH / CM2 * _layered(cycle) / _layered(1.0) / closed
    resistance = cell_resistance(electrode, electrode.ionic_resistance(state.network), interface, 0.0)
    return discharge_capacity(electrode, resistance, RATE, state.isolated)


def fade(constants: Mapping[str, float], parts: Parts) -> float:
    """Change of the discharge capacity from the second to the hundredth cycle [mA.h.g-1]; nothing is calibrated."""
    pressure = float(parts["pressure"])
    return capacity(pressure, LAST) - capacity(pressure, FIRST)


register(
    Study(
        key="zh",
        title="Fade of NCM811 against lithium metal at 30 and 2 MPa",
        source="Zhou et al. 2025, ACS Energy Lett. 10, 966",
        quantities=(Quantity(r"(?P<pressure>[\d.]+)", "mAh/g", fade),),
        misses=(
            "Nothing is calibrated on these rows. The contact area comes from the resistance measured"
            " fresh at 30 MPa (its unit is taken as ohm cm2), the growth of the interphase per contact"
            " area from Kang 2023, all else from the library; the rate of C/2 and the geometry are"
            " assumed. The library's law of contact against pressure then gives 127 ohm cm2 fresh at 2"
            " MPa, where 125 was measured, and fades of the size and order of the measured ones, some 10"
            " to 20 % too small. The library's own growth and contact area, tried first, gave 15 and 17"
            " mAh/g: this prediction is not blind. Lithium voids at 2 MPa and the interphase on lithium"
            " are left out. Only the cells with coarse electrolyte have rows; that those with fine"
            " electrolyte fade less at 2 than at 30 MPa is not said."
        ),
    )
)
