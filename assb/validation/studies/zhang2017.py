"""Pressure of LCO cells against indium and LTO on charge (Zhang et al. 2017)."""

from __future__ import annotations

from collections.abc import Mapping

from assb.validation.published.study import Quantity, Study, register
from assb.validation.studies.fixtures import AREAL_CAPACITY, pressure_rise

#: Stiffness of the cell [MPa.um-1]: In-Li | NCM811 of Koerver2018 rose by 1.08 MPa on charge.
STIFFNESS = 1.08 / pressure_rise(1.0, "InLi", {"NCM811": 1.0}, AREAL_CAPACITY)
NEGATIVES = {"In": "InLi", "Li": "Li", "LTO": "LTO"}


def _rise(constants: Mapping[str, float], parts: Mapping[str, str]) -> float:
    return pressure_rise(STIFFNESS, NEGATIVES[parts["negative"]], {"LCO": 1.0}, AREAL_CAPACITY)


register(
    Study(
        key="zh17",
        title="Pressure on charge of In | LGPS | LCO and LTO | LGPS | LCO",
        source="W. Zhang et al., J. Mater. Chem. A 2017, 5, 9929, doi 10.1039/C7TA02730C",
        quantities=(Quantity("(?P<negative>In|Li|LTO)", "MPa", _rise),),
        misses=(
            "One row calibrates here, too few for a constant. The stiffness comes from In-Li | NCM811 of Koerver"
            " 2018, the same kind of cell; the areal capacity is not stated and taken as there. Both swings then"
            " follow from the molar volume of In-Li and the strain of LCO. The model is linear in the charge, so an"
            " error in the areal capacity goes into both rows in proportion."
        ),
    )
)
