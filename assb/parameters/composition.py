"""Composition of a composite: mass fractions and densities to volume fractions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

#: Largest void fraction of a pressed composite that is believed. Above it the number is almost always
#: the electrolyte fraction of a liquid-electrolyte parameter set.
LARGEST_VOID = 0.45
TOLERANCE = 1e-6
PHASES = ("active material", "solid electrolyte", "carbon", "binder")


@dataclass(frozen=True)
class VolumeFractions:
    """Volume fractions of a composite; they sum to one with the voids.

    Parameters
    ----------
    active_material, solid_electrolyte, carbon, binder, void : float
        Shares of the electrode volume.

    Raises
    ------
    ValueError
        When a share is negative, the sum is not one, or the void fraction looks like an electrolyte
        fraction.
    """

    active_material: float
    solid_electrolyte: float
    carbon: float = 0.0
    binder: float = 0.0
    void: float = 0.0

    def __post_init__(self):
        shares = self.as_dict()
        for phase, share in shares.items():
            if not 0 <= share <= 1:
                raise ValueError(f"{phase} volume fraction = {share!r}: it must lie between 0 and 1")
        total = sum(shares.values())
        solids_only = total - self.void
        if abs(total - 1) > TOLERANCE:
            listing = ", ".join(f"{phase} {share:.4g}" for phase, share in shares.items())
            hint = ""
            if abs(solids_only - 1) <= TOLERANCE or abs(self.void - self.solid_electrolyte) < 1e-9:
                hint = (
                    " The void fraction was probably taken from a liquid-electrolyte set, where 'porosity'"
                    " means the electrolyte-filled share: here pores are empty and the solid electrolyte is a"
                    " phase of its own."
                )
            raise ValueError(
                f"volume fractions sum to {total:.6g}, not 1 ({listing}).{hint} Give the void fraction of the"
                " pressed composite, or use assb.parameters.volume_fractions."
            )
        if self.void > LARGEST_VOID:
            raise ValueError(
                f"void fraction = {self.void:.4g} is above {LARGEST_VOID}: a pressed composite has 0.02 to 0.3."
                " In a liquid-electrolyte set 'porosity' means the electrolyte share; give that as the solid"
                " electrolyte volume fraction instead."
            )
        if self.active_material == 0 or self.solid_electrolyte == 0:
            raise ValueError(
                f"active material {self.active_material:.4g}, solid electrolyte {self.solid_electrolyte:.4g}: a"
                " composite electrode needs both phases"
            )

    def as_dict(self) -> dict[str, float]:
        """Shares by phase name, voids last."""
        return {
            "active material": self.active_material,
            "solid electrolyte": self.solid_electrolyte,
            "carbon": self.carbon,
            "binder": self.binder,
            "void": self.void,
        }


def volume_fractions(
    mass_fractions: Mapping[str, float], densities: Mapping[str, float], void_fraction: float
) -> VolumeFractions:
    """Volume fractions from a recipe, ``eps_i = (1 - eps_v) (w_i/rho_i) / sum_j (w_j/rho_j)``.

    Parameters
    ----------
    mass_fractions : mapping
        Mass fraction by phase ("active material", "solid electrolyte", "carbon", "binder"); any common
        scale, for example 70:27:3.
    densities : mapping
        Density by phase, any common unit, for every phase with a mass.
    void_fraction : float
        Share of pores in the pressed composite.

    Returns
    -------
    VolumeFractions

    Raises
    ------
    ValueError
        For an unknown phase, a missing or non-positive density, negative masses, or an impossible void
        fraction, naming the field, the value and the remedy.

    Examples
    --------
    >>> volume_fractions({"active material": 70, "solid electrolyte": 30},
    ...                  {"active material": 4.8, "solid electrolyte": 1.87}, 0.1).solid_electrolyte
    0.4714...
    """
    unknown = [phase for phase in mass_fractions if phase not in PHASES]
    if unknown:
        raise ValueError(f"mass fraction of {unknown[0]!r} is not known: phases are {', '.join(PHASES)}")
    if not 0 <= void_fraction < 1:
        raise ValueError(f"void fraction = {void_fraction!r}: it must lie in [0, 1)")
    volumes = {}
    for phase, mass in mass_fractions.items():
        if mass < 0:
            raise ValueError(f"mass fraction of {phase} = {mass!r}: it must not be negative")
        if mass == 0:
            volumes[phase] = 0.0
            continue
        density = densities.get(phase)
        if density is None or not density > 0:
            raise ValueError(
                f"density of {phase} = {density!r}: give a positive density, for example in g/cm3"
            )
        volumes[phase] = mass / density
    total = sum(volumes.values())
    if total == 0:
        raise ValueError("mass fractions are all zero: give the recipe, for example 70:27:3")
    share = {phase: (1 - void_fraction) * volumes.get(phase, 0.0) / total for phase in PHASES}
    active, electrolyte, carbon, binder = (share[phase] for phase in PHASES)
    return VolumeFractions(active, electrolyte, carbon, binder, void_fraction)
