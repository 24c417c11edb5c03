"""The two oxides of Oh2026 as one material, and alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from assb.models.closures import utilised_area_fraction
from assb.parameters import materials
from assb.parameters.composition import VolumeFractions
from assb.parameters.entry import Entry, derived
from assb.parameters.materials.layered_oxides import CorrectedPotential
from assb.parameters.materials.potentials import DeepDischarge, nmc811_potential

#: Large polycrystals and small single crystals, and their density [g.cm-3].
OXIDES = ("NCWA88", "NCM82")
DENSITY = 4.8
#: Particle radii [m]: the D50 of both materials are in the supporting information only (assumptions).
RADIUS_LARGE, RADIUS_SMALL = 5.0e-6, 1.75e-6
#: Diameter of the electrolyte [m].
ELECTROLYTE_DIAMETER = 0.72e-6
#: Diffusivity over that of the library: the median of study `oh`, for both oxides alike.
DIFFUSION = 5.743
CALIBRATED = "calibrated on first cycles of the end members (assb.validation, study `oh`)"

_SITES = "Maximum concentration in positive electrode [mol.m-3]"
_POTENTIAL = "Positive electrode OCP [V]"
_STRAIN = "Positive electrode volume strain"


@dataclass(frozen=True)
class Blend:
    """A blend whose oxides are at one potential.

    Parameters
    ----------
    share : float or pybamm.Symbol
        Mass share of the large polycrystals.
    """

    share: Any

    def mean(self, name: str) -> Any:
        """Mass-weighted mean of a number of the two oxides."""
        large, small = (materials.POSITIVE[oxide][name].value for oxide in OXIDES)
        return self.share * large + (1 - self.share) * small

    @property
    def stretch(self) -> Any:
        """Delithiation of NCM811 per delithiation of the blend at the same potential."""
        large, small = (
            materials.POSITIVE[oxide][_SITES].value / stretch
            for oxide, stretch in zip(OXIDES, _stretches(), strict=True)
        )
        return self.mean(_SITES) / (self.share * large + (1 - self.share) * small)


def _stretches() -> list[float]:
    return [materials.POSITIVE[oxide][_POTENTIAL].value.law.stretch for oxide in OXIDES]


@dataclass(frozen=True)
class BlendedPotential:
    """Open-circuit potential [V vs Li] of a blend, a callable of its mean stoichiometry."""

    blend: Blend

    def __call__(self, y: Any) -> Any:
        """Potential at mean stoichiometry `y`."""
        return nmc811_potential(1 - self.blend.stretch * (1 - y))


@dataclass(frozen=True)
class BlendedStrain:
    """Volume strain of a blend, mass-weighted at one potential; a callable of its mean stoichiometry."""

    blend: Blend

    def __call__(self, y: Any) -> Any:
        """Strain at mean stoichiometry `y`."""
        delithiated = self.blend.stretch * (1 - y)
        large, small = (
            materials.POSITIVE[oxide][_STRAIN].value(1 - delithiated / stretch)
            for oxide, stretch in zip(OXIDES, _stretches(), strict=True)
        )
        return self.blend.share * large + (1 - self.blend.share) * small


def blended_laws(share: Any) -> dict[str, Any]:
    """Potential and strain of a blend by the names of their parameters; `share` may be a symbol.

    The potential falls at full lithiation, so that a discharge to 2.7 V ends there and two populations share it.
    """
    blend = Blend(share)
    law = DeepDischarge(BlendedPotential(blend))
    return {_POTENTIAL: CorrectedPotential(law), _STRAIN: BlendedStrain(blend)}


def touched_share(radius: float, fractions: VolumeFractions) -> float:
    """Share of the particles of a radius [m] that packing leaves with electrolyte."""
    ratio = 2 * radius / ELECTROLYTE_DIAMETER
    return float(utilised_area_fraction(ratio, fractions.solid_electrolyte, fractions.active_material))


def oxide_entries(share: float, fractions: VolumeFractions) -> dict[str, Entry]:
    """What belongs to the oxide of one population that stands for a blend, at a mass share of polycrystals."""
    blend = Blend(share)
    large: Mapping[str, Entry] = materials.POSITIVE[OXIDES[0]]
    touched = [touched_share(radius, fractions) for radius in (RADIUS_LARGE, RADIUS_SMALL)]
    how = "mass-weighted end members (Oh2026)"
    return {
        _SITES: derived(blend.mean(_SITES), how),
        **{name: derived(law, f"{how}, at one potential") for name, law in blended_laws(share).items()},
        **{
            name: derived(DIFFUSION * entry.value, CALIBRATED)
            for name, entry in large.items()
            if "diffusivity at stoichiometry" in name
        },
        # The law of contact counts the same share once more in the area: 5 % of it at most.
        "Positive electrode active fraction": derived(
            share * touched[0] + (1 - share) * touched[1], "particles that packing leaves with electrolyte"
        ),
    }
