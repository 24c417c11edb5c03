"""Lithium on Li6PS5Cl under pressure: impedance of symmetric cells and time to a short."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from assb.fitting import LogNormal
from assb.models.closures import bruggeman, intrusion_rate, pressure_response
from assb.models.specimens import SymmetricCell
from assb.parameters import build
from assb.parameters.materials.lithium_metal import METAL_CONTACT
from assb.validation.published.study import Quantity, Study, register

AREA = 1.327e-4  # die of 13 mm
DENSITY = 0.82  # of the pellet, relative
#: 75 mg of electrolyte (assumption, the rows do not say) at that density [m].
THICKNESS = 75e-6 / (1870.0 * DENSITY * AREA)
CURRENT = 0.75  # 75 uA/cm2 [A.m-2]
#: Charge of plating to a short [C.m-2], its pressure [Pa] and exponent: defaults of the library.
CHARGE = METAL_CONTACT["Negative electrode intrusion charge [mA.h.cm-2]"].value * 3.6e4
REFERENCE = METAL_CONTACT["Negative electrode intrusion reference pressure [MPa]"].value * 1e6
EXPONENT = METAL_CONTACT["Negative electrode intrusion pressure exponent"].value
#: Asperities of a metal that flows: the contact area is the load over the hardness (F. P. Bowden, D. Tabor,
#: The Friction and Lubrication of Solids, 1950).
FLOWING = 1.0
HARDNESS = "Pressure at which lithium is in contact [MPa]"


def impedance(constants: Mapping[str, float], parts: Mapping[str, str]) -> float:
    """Resistance of a Li | Li6PS5Cl | Li cell [Ohm]."""
    full, electrolyte = specimen()
    contact = pressure_response(1e6 * float(parts["pressure"]), 1e6 * constants[HARDNESS], FLOWING)
    return electrolyte + (full - electrolyte) / float(contact)


@lru_cache(maxsize=1)
def specimen() -> tuple[float, float]:
    """Resistance of the cell in full contact and of its electrolyte alone [Ohm]."""
    overrides = {"Separator relative conductivity": bruggeman(DENSITY, 1.5)}
    values = build(negative="Li", area=AREA, overrides=overrides)
    cell = SymmetricCell(values, thickness=THICKNESS)
    return cell.resistance, cell.electrolyte_layer(THICKNESS) / AREA


def time_to_short(constants: Mapping[str, float], parts: Mapping[str, str]) -> float:
    """Time to a short [h]; each foil is plated half of it."""
    rate = intrusion_rate(-CURRENT, 1e6 * float(parts["pressure"]), CHARGE, REFERENCE, EXPONENT)
    return float(2 / rate / 3600)


STUDY = register(
    Study(
        key="dx",
        title="Symmetric lithium cells under stack pressure",
        source="J.-M. Doux et al., Adv. Energy Mater. 2020, 10, 1903253, doi 10.1002/aenm.201903253",
        quantities=(
            Quantity(r"Z_(?P<pressure>[\d.]+)", "Ohm", impedance),
            Quantity(r"t_(?P<pressure>[\d.]+)", "h", time_to_short),
        ),
        constants={
            HARDNESS: LogNormal(
                median=8.0, factor=2.0, source="hardness of lithium by indentation, 4 to 9 MPa and more"
            )
        },
        misses=(
            "The pellet is taken as 75 mg, which is an assumption. The one constant says when lithium has"
            " flowed into contact, 35 MPa, several times its hardness: a thin foil between flat faces may"
            " resist more than the metal under an indenter. The resistances of the contact itself and of the"
            " pellet are the library's."
            " The times to a short at 15 and 25 MPa are where the library has its charge and exponent of"
            " intrusion from: they are no test of it, only that at 75 MPa is. The model has no memory of lithium"
            " that has been pressed: after 25 MPa the cell keeps 50 Ohm at 5 MPa, and the model goes back to the"
            " value of first loading. At 1 MPa it gives 350 Ohm, where at least 500 were measured."
        ),
    )
)
