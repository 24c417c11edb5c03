"""Porosity and charge-transfer resistance of a composite as it is pressed for the first time."""

from __future__ import annotations

from collections.abc import Mapping

from assb.fitting import LogNormal
from assb.models.closures import pressure_response
from assb.parameters import porosity_after_pressing
from assb.parameters.materials.mechanisms import CONTACT
from assb.validation.published.study import Quantity, Study, register

CLOSING = CONTACT["Positive electrode contact closing pressure [GPa]"].value * 1e9
#: On first loading rough contacts yield, and their conductance goes as this power of the pressure (M. G.
#: Cooper, B. B. Mikic, M. M. Yovanovich, Int. J. Heat Mass Transfer 1969, 12, 279). The 0.5 of the models
#: is that of contacts that have yielded before and recover.
YIELDING = 0.95
RESISTANCE = "Resistance of a specimen in full contact [Ohm]"


def porosity(constants: Mapping[str, float], parts: Mapping[str, str]) -> float:
    """Porosity under the pressure [%]."""
    return 100 * porosity_after_pressing(float(parts["pressure"]))


def resistance(constants: Mapping[str, float], parts: Mapping[str, str]) -> float:
    """Charge-transfer resistance of a specimen under the pressure [Ohm]."""
    contact = pressure_response(1e6 * float(parts["pressure"]), CLOSING, YIELDING)
    return constants[RESISTANCE] / float(contact)


STUDY = register(
    Study(
        key="sk",
        title="Densification and contact on first loading",
        source="Sakka et al., J. Mater. Chem. A 2022, 10, 16602",
        quantities=(
            Quantity(r"por_(?P<pressure>[\d.]+)", "%", porosity),
            Quantity(r"R_(?P<pressure>[\d.]+)", "Ohm", resistance),
        ),
        constants={
            RESISTANCE: LogNormal(
                median=5e3,
                factor=3.0,
                source="0.05 ohm m2 of contact as in the library, particles of 5 um, a layer of 50 um, 0.0079 cm2",
            )
        },
        misses=(
            "The porosity is that of the library's pressing law with its default constants: nothing in it was"
            " calibrated here. The size of the resistance is a constant that one row decides, as thickness and"
            " particle size are not known; that at other pressures follows from the exponent of contacts that"
            " yield. With the exponent 0.5, which the models use for contacts that were pressed before, the"
            " resistance at 6 MPa would come out too low by a factor of 3.4: a model of a cell that is"
            " fabricated under its stack pressure needs the other exponent."
        ),
    )
)
