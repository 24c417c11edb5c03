"""Graded electrodes: a recipe at the separator, another at the collector, and what lies between."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Any

from assb.parameters.composition import VolumeFractions, volume_fractions
from assb.parameters.entry import Entry, derived


@dataclass(frozen=True)
class DepthProfile:
    """Quantity that is linear in the depth of the positive electrode, a callable of the depth.

    Parameters
    ----------
    separator, collector : float
        Values at both sides.
    """

    separator: float
    collector: float

    def __call__(self, depth: Any) -> Any:
        """Value at a depth over the thickness, 0 at the separator and 1 at the collector."""
        return self.separator + (self.collector - self.separator) * depth

    @property
    def mean(self) -> float:
        """Mean over the thickness."""
        return 0.5 * (self.separator + self.collector)


@dataclass(frozen=True)
class Grading:
    """Composition of a graded positive electrode; volume fractions are linear in the depth.

    Parameters
    ----------
    separator, collector : mapping
        Mass fractions by phase at the separator and at the collector, any common scale, as `composition` of
        :func:`assb.parameters.build`.

    Raises
    ------
    ValueError
        For a side without a recipe.

    Examples
    --------
    >>> grading = Grading(separator={"active material": 60, "solid electrolyte": 40},
    ...                   collector={"active material": 80, "solid electrolyte": 20})
    >>> grading.reversed.collector["active material"]
    60
    """

    separator: Mapping[str, float]
    collector: Mapping[str, float]

    def __post_init__(self):
        for side in ("separator", "collector"):
            if not getattr(self, side):
                raise ValueError(
                    f"{side} = {getattr(self, side)!r}: give a recipe, for example 70:30 by mass"
                )

    @property
    def reversed(self) -> Grading:
        """The same two recipes, at the other side each: the mean composition stays."""
        return Grading(self.collector, self.separator)

    def sides(
        self, densities: Mapping[str, float], void_fraction: float
    ) -> tuple[VolumeFractions, VolumeFractions]:
        """Volume fractions at the separator and at the collector, both with the same pores."""
        first, second = (
            volume_fractions(recipe, densities, void_fraction) for recipe in (self.separator, self.collector)
        )
        return first, second


def between(sides: tuple[VolumeFractions, VolumeFractions], share: float = 0.5) -> VolumeFractions:
    """Volume fractions at a depth over the thickness; by default in the middle, which is the mean."""
    first, second = sides
    return VolumeFractions(
        *((1 - share) * getattr(first, f.name) + share * getattr(second, f.name) for f in fields(first))
    )


def graded_entries(sides: tuple[VolumeFractions, VolumeFractions]) -> dict[str, Entry]:
    """Volume fractions of a graded positive electrode and the limits of its networks, by depth."""
    from assb.parameters.assembly import fraction_entries

    first, second = (fraction_entries("Positive", side) for side in sides)
    return {
        name: derived(
            DepthProfile(entry.value, second[name].value), "linear between separator and collector: recipes"
        )
        for name, entry in first.items()
    }
