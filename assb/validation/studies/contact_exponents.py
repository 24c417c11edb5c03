"""How the interface resistance goes with contact area and with pressure."""

from __future__ import annotations

import math
from collections.abc import Mapping
from functools import lru_cache

from assb.parameters import build
from assb.validation.published.study import Quantity, Study, register

#: Shares of the contact area, and pressures [MPa], between which the slope is taken.
AREAS, PRESSURES = (0.2, 0.8), (20.0, 400.0)


def by_area(constants: Mapping[str, float], parts: Mapping[str, str]) -> float:
    """Exponent of the resistance against the contact area."""
    name = "Positive electrode largest contact fraction"
    return slope(AREAS, tuple(resistance("constant", name, area) for area in AREAS))


def by_pressure(constants: Mapping[str, float], parts: Mapping[str, str]) -> float:
    """Exponent of the resistance against the stack pressure."""
    return slope(PRESSURES, tuple(resistance("pressure", "Stack pressure [MPa]", p) for p in PRESSURES))


def slope(x: tuple[float, float], y: tuple[float, ...]) -> float:
    """Of the logarithms."""
    return math.log(y[1] / y[0]) / math.log(x[1] / x[0])


@lru_cache(maxsize=16)
def resistance(contact: str, name: str, value: float) -> float:
    """Interface resistance [Ohm.m2] of the default positive electrode under an option "contact"."""
    from assb.models import SPM
    from assb.models.specimens.base import initial_values

    model = SPM({"contact": contact, "stack pressure": "constant pressure"})
    wanted = "Positive interface resistance [Ohm.m2]"
    return initial_values(model, build(overrides={name: value}), (wanted,))[wanted]


STUDY = register(
    Study(
        key="ctr",
        title="Exponents of the interface resistance against contact area and pressure",
        source="Constriction and contact impedance of ceramic solid electrolytes, arXiv 2501.00600",
        quantities=(
            Quantity("exp_area", "-", by_area),
            Quantity("exp_P", "-", by_pressure),
        ),
        misses=(
            "The exponent of the pressure is an assumption of the models that was taken from this source, so"
            " that the row tests only what residual pressure and saturation leave of it between 20 and 400 MPa."
            " That of the area follows from the kinetics; constriction, which the default models leave out,"
            " would make it steeper."
        ),
    )
)
