"""Pressure of LTO, lithium and indium cells on charge (Koerver et al. 2018)."""

from __future__ import annotations

import re
from collections.abc import Mapping

from assb.validation.published.study import Quantity, Study, register
from assb.validation.studies.fixtures import ABSORBED, AREAL_CAPACITY, cathode_growth, pressure_rise

#: Stiffness of the cell [MPa.um-1]: LTO | LCO of Zhang2017 rose by 0.067 MPa (+-0.005) on charge.
STIFFNESS = 0.067 / ((1 - ABSORBED) * cathode_growth({"LCO": 1.0}, AREAL_CAPACITY))


def shares(positive: str) -> dict[str, float]:
    """Mass shares of "NCM811" or of "(NCM811:LCO 55:45)".

    Raises
    ------
    ValueError
        Where names and numbers do not match.
    """
    if not positive.startswith("("):
        return {positive: 1.0}
    found = re.fullmatch(r"\(([^ ]+) ([\d.:]+)\)", positive)
    names, parts = (found.group(k).split(":") for k in (1, 2)) if found else ([], [""])
    if len(names) != len(parts):
        raise ValueError(f"positive = {positive!r}: give as many shares as materials, (NCM811:LCO 55:45)")
    return {name: float(part) for name, part in zip(names, parts, strict=True)}


def _rise(constants: Mapping[str, float], parts: Mapping[str, str]) -> float:
    return pressure_rise(STIFFNESS, parts["negative"], shares(parts["positive"]), AREAL_CAPACITY)


register(
    Study(
        key="ko",
        title="Pressure on charge of LTO, Li and In-Li cells with LCO, NCM811 and a blend",
        source="R. Koerver et al., Energy Environ. Sci. 2018, 11, 2142, doi 10.1039/C8EE00907D",
        quantities=(Quantity(r"(?P<negative>Li|InLi|LTO)_(?P<positive>.+)", "MPa", _rise),),
        misses=(
            "Two rows calibrate here, too few for a constant. The stiffness of the cell comes from one figure of the"
            " same kind of cell in Zhang 2017, LTO | LCO; a quarter of what the library assumes for an unknown"
            " fixture. With it lithium, indium and LCO follow from molar volumes. NCM811 against LTO does not: the"
            " lattice contracts four times as much as LCO expands, while the measured pressures are nearly equal"
            " and opposite. Pores take up a contraction, which opens gaps, far more than an expansion; the library"
            " has one share for both. The flat blend fails for the same reason, as end-point strains alone demand"
            " it; the ids have 55 parts of NCM811, the reviews 55 parts of LCO, and neither is flat in the model."
        ),
    )
)
