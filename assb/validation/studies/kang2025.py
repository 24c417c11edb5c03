"""Kang 2025: cathodes of unimodal, bimodal and coated bimodal NCA against Li-In over 100 cycles."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

import numpy as np

from assb.fitting import LogNormal, Normal
from assb.validation.published.study import Quantity, Study, register
from assb.validation.studies.ageing_laws import (
    damage,
    value,
    warburg,
)
from assb.validation.studies.cathodes import (
    CM2,
    Cathode,
    cathode,
    cell_resistance,
    discharge_capacity,
    foil_resistance,
    surface_radius,
)

#: Conditions of the rows: NCA:Li6PS5Cl:C 72:27:1, pressed at 400 MPa, 200 MPa, 0.5C, 30 C. The loading is not in them
#: and is calibrated; the nickel content is taken from the study of 2023.
RECIPE = {"active material": 72.0, "solid electrolyte": 27.0, "carbon": 1.0}
FABRICATION, PRESSURE, TEMPERATURE, RATE = 400.0, 200.0, 303.15, 0.5
#: Shares by diameter [m]; the usual 3:7 of a bimodal powder is assumed.
SIZES = {"U": {3e-6: 1.0}, "B": {3e-6: 0.3, 10e-6: 0.7}}
#: Cycles over which retention counts.
LIFE = 100.0

LOADING = "Loading of active material [mg.cm-2]"
GROWTH = "Interphase resistance per root of cycles [Ohm.cm2]"
DIFFUSION = "Warburg resistance of fresh interface [Ohm.cm2]"
COATED = "Coated share of LZO-coated particles"

Constants = Mapping[str, float]
Parts = Mapping[str, str]


@lru_cache(maxsize=1024)
def _cathode(size: str, loading: float) -> Cathode:
    radius = surface_radius(SIZES[size])
    return cathode("NCA88", RECIPE, FABRICATION, TEMPERATURE, loading=loading, radius=radius)


def ionic(constants: Constants, parts: Parts) -> float:
    """Resistance of the electrolyte network of the cathode [Ohm.cm2]."""
    electrode = _cathode(parts["size"], constants[LOADING])
    state = damage(float(parts["cycle"]), electrode, PRESSURE)
    return CM2 * electrode.ionic_resistance(state.network)


def interface(constants: Constants, parts: Parts) -> float:
    """Resistance of the interfaces [Ohm.cm2]: In-Li foil, charge transfer, and what a bare contact adds.

    The library's resistance of a bare interface and the interphase, which grows as the root of the cycles, belong
    to bare contact: a coating keeps its share of both away.
    """
    electrode, cycle = _cathode(parts["size"], constants[LOADING]), float(parts["cycle"])
    state = damage(cycle, electrode, PRESSURE)
    bare = value("INTERPHASE", "interface resistance [Ohm.m2]") + constants[GROWTH] / CM2 * np.sqrt(cycle)
    if parts["coat"]:
        bare *= 1 - constants[COATED]
    area = electrode.contact * (1 - state.contact)
    return float(CM2 * (foil_resistance(TEMPERATURE) + (electrode.charge_transfer + bare) / area))


def diffusion(constants: Constants, parts: Parts) -> float:
    """Warburg resistance of the cathode [Ohm.cm2], with cracks and lost contact."""
    electrode = _cathode(parts["size"], constants[LOADING])
    return warburg(electrode, constants[DIFFUSION], damage(float(parts["cycle"]), electrode, PRESSURE))


def capacity(constants: Constants, parts: Parts) -> float:
    """Discharge capacity at a cycle, the first by default [mA.h.g-1]."""
    electrode, at = _cathode(parts["size"], constants[LOADING]), {"cycle": "1", **parts}
    resistances = (law(constants, at) / CM2 for law in (ionic, interface, diffusion))
    isolated = damage(float(at["cycle"]), electrode, PRESSURE).isolated
    return discharge_capacity(electrode, cell_resistance(electrode, *resistances), RATE, isolated)


def retention(constants: Constants, parts: Parts) -> float:
    """Retention over the life of the test [%]."""
    return 100 * capacity(constants, {**parts, "cycle": f"{LIFE}"}) / capacity(constants, parts)


_SAMPLE, _CYCLE = r"(?P<coat>LZO-|)(?P<size>[UB])-NCA", r"(?P<cycle>[\d.]+)"

register(
    Study(
        key="k25",
        title="Unimodal, bimodal and LZO-coated bimodal NCA against Li-In over 100 cycles",
        source="Kang, Shin et al. 2025, ACS Appl. Mater. Interfaces 17, 60558",
        quantities=(
            Quantity(f"Rion_{_SAMPLE}_{_CYCLE}", "Ohm cm2", ionic),
            Quantity(f"Rint_{_SAMPLE}_{_CYCLE}", "Ohm cm2", interface),
            Quantity(f"Rw_{_SAMPLE}_{_CYCLE}", "Ohm cm2", diffusion),
            Quantity(f"q_{_SAMPLE}", "mAh/g", capacity),
            Quantity(f"ret_{_SAMPLE}", "%", retention),
        ),
        constants={
            LOADING: LogNormal(median=12.7, factor=2.0, source="that of the same laboratory in 2023"),
            GROWTH: LogNormal(
                median=300.0,
                factor=3.0,
                source="as for Kang 2023, 5 ohm cm2 times an area of 30, and twice that for bare particles",
            ),
            DIFFUSION: LogNormal(
                median=400.0,
                factor=3.0,
                source="|U'|/(F c sqrt(2 D omega)) with 0.6 V, 1e-15 m2/s and 1 mHz is 355 ohm cm2 of true area",
            ),
            COATED: Normal(
                mean=0.8,
                sd=0.15,
                lower=0.0,
                upper=1.0,
                source="wet coatings cover most of a powder (assumed)",
            ),
        },
        misses=(
            "The law that the bimodal cathode obeys between cycle 1 and 25, and still at 100 (interphase"
            " growing with the root of the cycles), gives threefold the resistance of the unimodal cathode"
            " at cycle 100: its growth is far slower per contact area, and neither area nor the library's"
            " damage tells the two apart. It must be decided by the large particles, by way of their lost"
            " contact or cracks, for which no early row of the unimodal cathode stands. The diffusion"
            " resistance grows five- and twofold in the uncoated cathodes, a fifth in the model, whose"
            " cracking is the library's; the coated one is met. Retention is missed with it: 48 and 67 %"
            " were measured, 81 and 92 % follow from the resistances, which cost little at the small"
            " current of a thin cathode. The loading is not published in the rows; network, interface and"
            " diffusion each ask for a quarter of the loading of 2023, and the diffusion resistance per"
            " contact area then equals that of Kang 2023, which was not imposed."
        ),
    )
)
