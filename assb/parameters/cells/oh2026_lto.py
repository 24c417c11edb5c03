"""Blended Ni-rich cathodes against LTO (Oh et al., ACS Energy Lett. 2026, 11, 2103, CC BY 4.0)."""

from __future__ import annotations

from typing import Any

import numpy as np

from assb.models.closures import size_ratio_percolation
from assb.parameters.assembly import assemble, fraction_entries
from assb.parameters.blend import two_populations
from assb.parameters.cells.oh2026_oxides import (
    CALIBRATED,
    DENSITY,
    ELECTROLYTE_DIAMETER,
    RADIUS_LARGE,
    RADIUS_SMALL,
    oxide_entries,
)
from assb.parameters.composition import VolumeFractions
from assb.parameters.entry import Entry, assumed, derived, published

#: Mass share of the large polycrystalline NCWA, and what Oh2026 gives for it: SEM porosity, solid
#: electrolyte volume fraction, thickness [m].
BLENDS = (0.0, 0.6, 0.7, 0.8, 1.0)
POROSITY = (0.1796, 0.1093, 0.0755, 0.1018, 0.168)
ELECTROLYTE = (0.1772, 0.1912, 0.1983, 0.1924, 0.1779)
THICKNESS = (18.5e-6, 17.6e-6, 16.8e-6, 17.5e-6, 18.3e-6)
CARBON_FRACTION = 0.005
#: Charge of 1C [A.h.g-1], and the filling of the powders: the last percent is charged above any cut-off.
ONE_C = 0.180
#: Series resistance over thickness by ionic conductivity: the median of study `oh`.
PATH = 6.515
START = 0.985


def entries(blend: float = 1.0, populations: str = "one") -> dict[str, Entry]:
    """Values with their sources for a mass share `blend` of NCWA in the active material.

    Structure is interpolated linearly between the published blends. With "one" effective particle
    population stands for both materials; with "two" each has its own radius and strain.

    Raises
    ------
    ValueError
        For a share outside [0, 1], or of two populations when one of them is not there.
    """
    if populations not in ("one", "two"):
        raise ValueError(f"populations = {populations!r}: use 'one' or 'two'")
    if populations == "two" and not 0 < blend < 1:
        raise ValueError(f"blend = {blend!r} has one material only: use populations='one'")
    if not 0 <= blend <= 1:
        raise ValueError(f"blend = {blend!r}: it is the mass share of NCWA and must lie in [0, 1]")
    porosity, electrolyte, thickness = (
        float(np.interp(blend, BLENDS, values)) for values in (POROSITY, ELECTROLYTE, THICKNESS)
    )
    fractions = VolumeFractions(
        active_material=1 - porosity - electrolyte - CARBON_FRACTION,
        solid_electrolyte=electrolyte,
        carbon=CARBON_FRACTION,
        void=porosity,
    )
    radius = 1 / (blend / RADIUS_LARGE + (1 - blend) / RADIUS_SMALL)
    area = 1.327e-4
    loading = fractions.active_material * DENSITY * 1e6 * thickness  # g.m-2
    table = assemble(
        "NCWA88",
        "Li5.5PS4.5Cl1.5",
        "LTO",
        area=area,
        positive_thickness=thickness,
        separator_thickness=500e-6,
        composition={"active material": 90, "solid electrolyte": 9.5, "carbon": 0.5},
        void_fraction=porosity,
        particle_radius=radius,
        nominal_capacity=ONE_C * loading * area,
        temperature=303.15,
        stack_pressure=100.0,
        initial_stoichiometry=START,
        voltage_window=(1.13, 2.73),
    )
    table.update(fraction_entries("Positive", fractions, "Oh2026, SEM porosity and electrolyte share"))
    sigma = float(np.exp(blend * np.log(0.409) + (1 - blend) * np.log(0.095)))
    ionic = table["Solid electrolyte conductivity [S.m-1]"].value * size_ratio_percolation(
        electrolyte, 2 * radius / ELECTROLYTE_DIAMETER
    )
    table.update(
        {
            "Positive electrode thickness [m]": published(thickness, "Oh2026"),
            "Positive particle radius [m]": assumed(
                radius, "mean by surface of assumed radii of 5 and 1.75 um"
            ),
            "Positive electrode conductivity [S.m-1]": derived(
                sigma * _electronic_factor(fractions), "logarithmic mixture of the end members (Oh2026)"
            ),
            "Positive electrode electronic tortuosity factor": derived(
                _electronic_factor(fractions) * (fractions.active_material + fractions.carbon),
                "makes the composite conductivity that of Oh2026",
            ),
            "Positive electrode ionic tortuosity factor": derived(
                float(np.interp(blend, (0.0, 0.8, 1.0), (16.08, 12.13, 13.08))), "Oh2026"
            ),
            "Contact resistance [Ohm]": derived(
                PATH * thickness / (ionic * area),
                f"{CALIBRATED}: goes with the ionic path; where it sits is unknown",
            ),
            "Reference pressure for conductivities [MPa]": published(100.0, "Oh2026"),
            "Stack pressure [MPa]": published(100.0, "Oh2026"),
            "Ambient temperature [K]": published(303.15, "Oh2026"),
            "Nominal cell capacity [A.h]": derived(
                ONE_C * loading * area, "1C = 180 mA/g of the active material of this structure (Oh2026)"
            ),
            "Initial stoichiometry in positive electrode": assumed(START, "as synthesised, nearly full"),
            "Electrode area [m2]": assumed(area, "13 mm die; not in the main text"),
            "Separator thickness [m]": assumed(500e-6, "not in the main text"),
        }
    )
    table.update(oxide_entries(blend, fractions))
    return table if populations == "one" else _split(table, blend, fractions)


def _split(table: dict[str, Entry], blend: float, fractions: VolumeFractions) -> dict[str, Entry]:
    """Large polycrystalline NCWA as the primary, small single crystals as the secondary population."""
    tables = []
    for share, radius in ((1.0, RADIUS_LARGE), (0.0, RADIUS_SMALL)):
        size = {"Positive particle radius [m]": assumed(radius, "D50 is in the supporting information only")}
        tables.append({**table, **oxide_entries(share, fractions), **size})
    # Both oxides have the same density: shares by mass are shares by volume.
    return two_populations(tables[0], tables[1], (blend, 1 - blend), fractions)


def _electronic_factor(fractions: VolumeFractions) -> float:
    """One over the relative conductivity of the percolation law at this composition."""
    from assb.models.closures import percolation
    from assb.models.submodels.network import PERCOLATION_EXPONENT, PERCOLATION_THRESHOLD

    share = fractions.active_material + fractions.carbon
    return float(1 / percolation(share, PERCOLATION_THRESHOLD, PERCOLATION_EXPONENT))


def get_parameter_values(blend: float = 1.0, populations: str = "one") -> dict[str, Any]:
    """Blends of polycrystalline NCWA and single-crystalline NCM against LTO.

    Parameters
    ----------
    blend : float
        Mass share of NCWA in the active material, 0 to 1.
    populations : {"one", "two"}
        One effective population, or NCWA as the primary and NCM as the secondary one, for the models
        with option "positive populations": "two".

    Notes
    -----
    H. Oh et al., ACS Energy Lett. 2026, 11, 2103, doi 10.1021/acsenergylett.5c03923 (CC BY 4.0).
    """
    return {name: entry.value for name, entry in entries(blend, populations).items()}
