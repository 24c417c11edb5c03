"""Two particle populations in one positive electrode: from a recipe to parameters with PyBaMM's prefixes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pybamm
from scipy.optimize import brentq

from assb.models.closures import logarithmic_mixture
from assb.models.electrode_symbols import PHASES, electrode_wide
from assb.parameters.composition import VolumeFractions, volume_fractions
from assb.parameters.entry import Entry, defined, derived

#: Where equal potentials are searched for.
WINDOW = (0.02, 0.995)
_INITIAL = "Initial stoichiometry in positive electrode"
_WINDOW_ENDS = tuple(f"Positive electrode stoichiometry at {end} SOC" for end in ("0%", "100%"))
_CONDUCTIVITIES = (
    "Positive electrode conductivity [S.m-1]",
    "Positive electrode active material conductivity [S.m-1]",
)
_AM = "Positive electrode active material volume fraction"


@dataclass(frozen=True)
class Blend:
    """Two active materials, or two sizes of one, in a positive electrode.

    Parameters
    ----------
    materials : (str, str)
        Materials; see :func:`assb.parameters.build`. They may be the same.
    mass_shares : (float, float)
        Masses of the two in the active material, any common scale, for example 55:45.
    radii : (float, float)
        Particle radii [m].

    Raises
    ------
    ValueError
        For masses or radii that are not positive.

    Examples
    --------
    >>> Blend(("NCM811", "NCM811"), (70, 30), (5e-6, 1.5e-6)).shares
    (0.7, 0.3)
    """

    materials: tuple[str, str]
    mass_shares: tuple[float, float]
    radii: tuple[float, float]

    def __post_init__(self):
        for name in ("materials", "mass_shares", "radii"):
            given = getattr(self, name)
            if len(given) != 2:
                raise ValueError(f"{name} = {given!r}: give one for each of the two populations")
        for name in ("mass_shares", "radii"):
            if not all(value > 0 for value in getattr(self, name)):
                raise ValueError(
                    f"{name} = {getattr(self, name)!r}: both must be positive; leave out a material that is"
                    " not there"
                )

    @property
    def shares(self) -> tuple[float, float]:
        """Mass shares that sum to one."""
        first, second = self.mass_shares
        return first / (first + second), second / (first + second)


class _Prefixed:
    """A function of a material whose own parameters carry the prefix of a population."""

    def __init__(self, function: Callable, prefix: str, names: frozenset[str]):
        self.function, self.prefix, self.names = function, prefix, names

    def __call__(self, *arguments: Any) -> Any:
        result = self.function(*arguments)
        return self._renamed(result) if isinstance(result, pybamm.Symbol) else result

    def _renamed(self, symbol: pybamm.Symbol) -> pybamm.Symbol:
        if isinstance(symbol, pybamm.Parameter):
            return pybamm.Parameter(self.prefix + symbol.name) if symbol.name in self.names else symbol
        if not any(isinstance(node, pybamm.Parameter) for node in symbol.pre_order()):
            return symbol
        return symbol.create_copy(new_children=[self._renamed(child) for child in symbol.children])


def two_populations(
    first: Mapping[str, Entry],
    second: Mapping[str, Entry],
    volume_shares: tuple[float, float],
    fractions: VolumeFractions,
) -> dict[str, Entry]:
    """Entries of an electrode with two populations from those of two electrodes with one.

    Parameters
    ----------
    first, second : mapping
        Entries of a cell with each material alone, of the same names.
    volume_shares : (float, float)
        Share of each in the volume of the active material.
    fractions : VolumeFractions
        Of the blended electrode.

    Returns
    -------
    dict
        Parameters of a population with the prefix "Primary: " or "Secondary: "; the second population
        starts, and ends its window, at the open-circuit potentials of the first. Conductivities follow
        the logarithmic mixing rule.
    """
    own = frozenset(name for name in first if not electrode_wide(name)) | frozenset(
        name for name in second if not electrode_wide(name)
    )
    result = {name: entry for name, entry in first.items() if name not in own}
    for phase, table, share in zip(PHASES, (first, second), volume_shares, strict=True):
        prefix = f"{phase.capitalize()}: "
        for name in sorted(own & table.keys()):
            entry = table[name]
            value = _Prefixed(entry.value, prefix, own) if callable(entry.value) else entry.value
            result[prefix + name] = Entry(value, entry.source, entry.evidence)
        result[prefix + _AM] = derived(share * fractions.active_material, "recipe and densities")
    for name in _CONDUCTIVITIES:
        pair = [table[name].value for table in (first, second) if name in table]
        if len(pair) == 2 and pair[0] != pair[1]:
            result[name] = derived(
                float(logarithmic_mixture(volume_shares, pair)), "logarithmic mixture of the two materials"
            )
    values = pybamm.ParameterValues({name: entry.value for name, entry in result.items()})
    for name in (_INITIAL, *_WINDOW_ENDS):
        level = result[f"Primary: {name}"].value
        result[f"Secondary: {name}"] = derived(
            matching_stoichiometry(values, level), "open-circuit potential of the first population"
        )
    return result


def matching_stoichiometry(values: pybamm.ParameterValues, stoichiometry: float) -> float:
    """Stoichiometry of the second population at the open-circuit potential of the first.

    Parameters
    ----------
    values : pybamm.ParameterValues
        With the prefixes "Primary: " and "Secondary: ".
    stoichiometry : float
        Of the first population.

    Returns
    -------
    float
        The largest solution in 0.02 to 0.995: potentials fall with lithium content. `stoichiometry` itself
        where the two potentials agree there.

    Raises
    ------
    ValueError
        When the second population never has that potential.

    Examples
    --------
    >>> values["Secondary: Initial stoichiometry in positive electrode"] = matching_stoichiometry(
    ...     values, 0.9)  # doctest: +SKIP
    """

    def potential(phase: str) -> Callable[[float], float]:
        y = pybamm.InputParameter("y")
        symbol = pybamm.FunctionParameter(
            f"{phase}: Positive electrode OCP [V]", {f"{phase}: Positive particle stoichiometry": y}
        )
        processed = values.process_symbol(symbol)
        return lambda value: float(np.ravel(processed.evaluate(inputs={"y": value}))[0])

    target, second = potential("Primary")(stoichiometry), potential("Secondary")

    def excess(y: float) -> float:
        return second(y) - target

    if abs(excess(stoichiometry)) < 1e-12:
        return float(stoichiometry)
    grid = np.linspace(*WINDOW, 400)[::-1]
    signs = [excess(y) > 0 for y in grid]
    for high, low, above, below in zip(grid[:-1], grid[1:], signs[:-1], signs[1:], strict=True):
        if above != below:
            return float(brentq(excess, low, high, xtol=1e-13))
    raise ValueError(
        f"the second population has no stoichiometry in {WINDOW} at {target:.4f} V, the open-circuit potential"
        f" of the first at stoichiometry {stoichiometry!r}: choose another start or other materials"
    )


def assemble_blend(blend: Blend, electrolyte: str, negative: str, **arguments: Any) -> dict[str, Entry]:
    """Entries of a cell with a blended positive electrode; arguments as in :func:`assb.parameters.build`."""
    from assb.parameters import assembly, materials

    given = {**arguments, "particle_radius": None}
    first, second = (
        assembly.assemble(material, electrolyte, negative, **{**given, "particle_radius": radius})
        for material, radius in zip(blend.materials, blend.radii, strict=True)
    )
    oxides = [materials.POSITIVE[name] for name in blend.materials]
    sulfide = materials.ELECTROLYTE[electrolyte]
    volumes = [w / o["density [g.cm-3]"].value for w, o in zip(blend.shares, oxides, strict=True)]
    volume_shares = (volumes[0] / sum(volumes), volumes[1] / sum(volumes))
    densities = assembly._densities(oxides[0], sulfide, materials.CARBON)
    densities["active material"] = 1 / sum(volumes)
    recipe = dict(arguments["composition"] or assembly.DEFAULT_RECIPE)
    fractions = volume_fractions(recipe, densities, arguments["void_fraction"])
    entries = {**two_populations(first, second, volume_shares, fractions)}
    wide = assembly.fraction_entries("Positive", fractions)
    entries.update({name: entry for name, entry in wide.items() if electrode_wide(name)})
    thickness, area = arguments["positive_thickness"], arguments["area"]
    loading = fractions.active_material * densities["active material"] * 1e6 * thickness
    practical = sum(
        w * o["practical capacity [mA.h.g-1]"].value for w, o in zip(blend.shares, oxides, strict=True)
    )
    capacity = arguments["nominal_capacity"] or practical / 1000 * loading * area
    entries["Nominal cell capacity [A.h]"] = derived(
        capacity, f"{practical:.0f} mAh/g of active material unless given"
    )
    entries["Current function [A]"] = defined(capacity, "1C")
    if negative in materials.COMPOSITE_NEGATIVES:
        maximum = "Maximum concentration in positive electrode [mol.m-3]"
        mean = sum(w * o[maximum].value for w, o in zip(volume_shares, oxides, strict=True))
        lithium = {maximum: derived(mean, "mean of the two materials by volume")}
        entries.update(assembly.negative_composite(negative, sulfide, thickness, fractions, lithium))
    return entries
