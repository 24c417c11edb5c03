"""Assemble a cell from materials, a recipe and a geometry."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from assb.parameters.composition import VolumeFractions, volume_fractions
from assb.parameters.entry import Entry, assumed, defined, derived
from assb.parameters.grading import Grading, between, graded_entries
from assb.parameters.separator import SeparatorLayer, separator_entries

if TYPE_CHECKING:
    import pybamm

    from assb.parameters.blend import Blend

DEFAULT_RECIPE = {"active material": 70.0, "solid electrolyte": 27.0, "carbon": 3.0}

#: Heat capacity of solids [J.m-3.K-1], and what is not electrode or separator [m].
HEAT_CAPACITY = 2.5e6
BODY = 0.5e-3


def build(
    positive: str | Blend = "NCM811",
    electrolyte: str = "Li6PS5Cl",
    negative: str = "InLi",
    *,
    area: float = 0.785e-4,
    positive_thickness: float = 30e-6,
    separator_thickness: float = 600e-6,
    separator: str | Sequence[SeparatorLayer] | None = None,
    separator_interface_resistance: float = 0.0,
    composition: Mapping[str, float] | Grading | None = None,
    void_fraction: float | None = None,
    particle_radius: float = 2.5e-6,
    nominal_capacity: float | None = None,
    temperature: float = 298.15,
    stack_pressure: float = 50.0,
    initial_stoichiometry: float = 0.9,
    voltage_window: tuple[float, float] | None = None,
    fabrication_pressure_MPa: float | None = None,
    overrides: Mapping[str, Any] | None = None,
) -> pybamm.ParameterValues:
    """Parameter values of a cell, ready for :class:`assb.models.SPM` and :class:`assb.models.DFN`.

    Parameters
    ----------
    positive : str or Blend
        Active material; a :class:`Blend` of two gives the parameters of the models with option
        "positive populations": "two".
    electrolyte, negative : str
        Materials; see :mod:`assb.parameters.materials`. The electrolyte is that of the positive composite, and of
        the separator unless `separator` says otherwise.
    area : float
        Electrode area [m2].
    positive_thickness, separator_thickness : float
        Thicknesses [m].
    separator : str or sequence of SeparatorLayer, optional
        Another electrolyte in the separator, or its layers from the negative to the positive electrode, whose
        thicknesses replace `separator_thickness`.
    separator_interface_resistance : float
        Resistance of each interface between two layers [Ohm.m2].
    composition : mapping or Grading, optional
        Mass fractions of the positive composite by phase; 70:27:3 active material, solid electrolyte,
        carbon by default. A :class:`Grading` gives the parameters of the DFN with option "composition": "graded".
    void_fraction : float, optional
        Pores in the pressed composite; from `fabrication_pressure_MPa` if that is given, else 0.12.
    particle_radius : float
        Radius of the active particles [m]; a blend brings its own.
    nominal_capacity : float, optional
        Nominal capacity [A.h]; by default that of the active material, for example 180 mAh/g of NCM811
        and 135 mAh/g of LCO.
    temperature : float
        Cell temperature [K].
    stack_pressure : float
        Stack pressure at the initial state [MPa].
    initial_stoichiometry : float
        Lithium content of the positive electrode at the start; of a blend that of the first population,
        the second starts at the same potential.
    voltage_window : (float, float), optional
        Lower and upper cut-off [V]; those of the active material, 2.7-4.3 V vs Li of Ni-rich oxides, less the
        negative potential by default.
    fabrication_pressure_MPa : float, optional
        Pressure at which the composite was pressed [MPa]; see :func:`porosity_after_pressing`.
    overrides : mapping, optional
        Parameter name -> value, applied last.

    Returns
    -------
    pybamm.ParameterValues

    Raises
    ------
    ValueError
        For an unknown material or an impossible geometry or recipe, naming field, value and remedy.
    """
    import pybamm

    if void_fraction is None:
        void_fraction = 0.12
        if fabrication_pressure_MPa is not None:
            void_fraction = porosity_after_pressing(fabrication_pressure_MPa)
    from assb.parameters.blend import Blend, assemble_blend

    arguments: dict[str, Any] = {
        "area": area,
        "positive_thickness": positive_thickness,
        "separator_thickness": separator_thickness,
        "separator": separator,
        "separator_interface_resistance": separator_interface_resistance,
        "composition": composition,
        "void_fraction": void_fraction,
        "particle_radius": particle_radius,
        "nominal_capacity": nominal_capacity,
        "temperature": temperature,
        "stack_pressure": stack_pressure,
        "initial_stoichiometry": initial_stoichiometry,
        "voltage_window": voltage_window,
    }
    if isinstance(positive, Blend):
        if isinstance(composition, Grading):
            raise ValueError(
                "composition = Grading(...) of a Blend: give one active material, or the volume fractions as functions"
                " of the depth through overrides"
            )
        entries = assemble_blend(positive, electrolyte, negative, **arguments)
    else:
        entries = assemble(positive, electrolyte, negative, **arguments)
    values = {name: entry.value for name, entry in entries.items()}
    values.update(overrides or {})
    from assb.parameters.catalogue import check

    return check(pybamm.ParameterValues(values))


def porosity_after_pressing(fabrication_pressure_MPa: float) -> float:
    """Void fraction of a composite pressed at a fabrication pressure.

    Parameters
    ----------
    fabrication_pressure_MPa : float
        Fabrication pressure [MPa], >= 0.

    Returns
    -------
    float
        Falls with pressure and saturates; cracking beyond about 380 MPa is not in it.

    Raises
    ------
    ValueError
        For a negative pressure.

    Notes
    -----
    :func:`assb.models.closures.pressed_porosity` with assumed constants: replace the result by a measured
    porosity where there is one.
    """
    from assb.models.closures import pressed_porosity
    from assb.parameters.materials.mechanisms import PRESSING

    if not fabrication_pressure_MPa >= 0:
        raise ValueError(
            f"fabrication_pressure_MPa = {fabrication_pressure_MPa!r}: it must not be negative; give it in MPa"
        )
    constants = (entry.value for entry in PRESSING.values())
    return float(pressed_porosity(fabrication_pressure_MPa, *constants))


def assemble(
    positive: str,
    electrolyte: str,
    negative: str,
    *,
    area: float,
    positive_thickness: float,
    separator_thickness: float,
    composition: Mapping[str, float] | Grading | None,
    void_fraction: float,
    particle_radius: float,
    nominal_capacity: float | None,
    temperature: float,
    stack_pressure: float,
    initial_stoichiometry: float,
    voltage_window: tuple[float, float] | None,
    separator: str | Sequence[SeparatorLayer] | None = None,
    separator_interface_resistance: float = 0.0,
) -> dict[str, Entry]:
    """Entries of a cell, each with its source; arguments as in :func:`build`."""
    from assb.parameters import materials
    from assb.parameters.materials import electrolytes, mechanisms

    oxide = _pick("positive", positive, materials.POSITIVE)
    sulfide = _pick("electrolyte", electrolyte, materials.ELECTROLYTE)
    counter = _pick("negative", negative, materials.NEGATIVE)
    for name, value in {
        "area": area,
        "positive_thickness": positive_thickness,
        "separator_thickness": separator_thickness,
        "particle_radius": particle_radius,
        "temperature": temperature,
    }.items():
        if not value > 0:
            raise ValueError(f"{name} = {value!r}: it must be positive, in SI units")
    if stack_pressure < 0:
        raise ValueError(f"stack_pressure = {stack_pressure!r}: it must not be negative, in MPa")
    densities = _densities(oxide, sulfide, materials.CARBON)
    graded = {}
    if isinstance(composition, Grading):
        sides = composition.sides(densities, void_fraction)
        fractions, graded = between(sides), graded_entries(sides)
    else:
        fractions = volume_fractions(dict(composition or DEFAULT_RECIPE), densities, void_fraction)
    loading = fractions.active_material * oxide["density [g.cm-3]"].value * 1e6 * positive_thickness  # g.m-2
    practical = oxide["practical capacity [mA.h.g-1]"].value
    capacity = nominal_capacity or practical / 1000 * loading * area
    entries: dict[str, Entry] = {}
    for source in (
        electrolytes.COMMON,
        mechanisms.CONTACT,
        mechanisms.INTERPHASE,
        mechanisms.CRACKING,
        mechanisms.PRESSURE,
        mechanisms.NETWORK,
        mechanisms.IMPEDANCE,
        mechanisms.THERMAL,
        # What a material sets itself: not the oxidation limit of Li6PS5Cl, not the contact stiffness of an oxide.
        oxide,
        sulfide,
        counter,
    ):
        # Facts for this assembly are written in lower case; parameters of the models are not.
        entries.update({name: entry for name, entry in source.items() if name[0].isupper()})
    entries.update(_geometry(area, positive_thickness, separator_thickness, particle_radius))
    if separator is not None:
        layers = [SeparatorLayer(separator, separator_thickness)] if isinstance(separator, str) else separator
        entries.update(separator_entries(layers, separator_interface_resistance, materials.ELECTROLYTE))
    entries.update(fraction_entries("Positive", fractions) | graded)
    plateau = materials.PLATEAU[negative]
    charged = oxide["charged potential [V]"].value
    discharged = oxide["discharged potential [V]"].value
    low, high = voltage_window or (round(discharged - plateau, 3), round(charged - plateau, 3))
    entries.update(
        {
            "Nominal cell capacity [A.h]": derived(
                capacity, f"{practical:g} mAh/g of active material unless given"
            ),
            "Current function [A]": defined(capacity, "1C"),
            "Contact resistance [Ohm]": assumed(0.0, "leads, collectors and faces between layers"),
            "Lower voltage cut-off [V]": defined(low, f"{discharged} V vs Li unless given"),
            "Upper voltage cut-off [V]": defined(high, f"{charged} V vs Li unless given"),
            "Ambient temperature [K]": defined(temperature, "condition of the experiment"),
            "Cell heat capacity [J.K-1]": assumed(
                HEAT_CAPACITY * area * (positive_thickness + separator_thickness + BODY),
                "2.5 J/cm3/K of electrodes and separator, and of 0.5 mm of foil, collectors and casing",
            ),
            "Cell cooling surface area [m2]": assumed(2 * area, "both faces"),
            "Reference temperature [K]": defined(298.15, "temperature of the quoted values"),
            "Stack pressure [MPa]": defined(stack_pressure, "condition of the experiment"),
            "Initial stoichiometry in positive electrode": defined(
                initial_stoichiometry, "state at the start"
            ),
            "Positive electrode stoichiometry at 0% SOC": assumed(0.93, "after the first cycle"),
            "Positive electrode stoichiometry at 100% SOC": oxide["charged stoichiometry"],
            "Positive electrode active fraction": assumed(
                0.9, "share of the active material connected at assembly"
            ),
        }
    )
    if negative in materials.COMPOSITE_NEGATIVES:
        entries.update(negative_composite(negative, sulfide, positive_thickness, fractions, oxide))
    return entries


def _pick(role: str, name: str, known: Mapping[str, dict]) -> dict[str, Entry]:
    if name not in known:
        raise ValueError(f"{role} = {name!r} is not a known material: use one of {', '.join(known)}")
    return known[name]


def _densities(oxide, sulfide, carbon) -> dict[str, float]:
    return {
        "active material": oxide["density [g.cm-3]"].value,
        "solid electrolyte": sulfide["density [g.cm-3]"].value,
        "carbon": carbon["density [g.cm-3]"].value,
        "binder": carbon["binder density [g.cm-3]"].value,
    }


def _geometry(area, positive_thickness, separator_thickness, particle_radius) -> dict[str, Entry]:
    return {
        "Electrode area [m2]": defined(area, "die"),
        "Positive electrode thickness [m]": defined(positive_thickness, "cell"),
        "Separator thickness [m]": defined(separator_thickness, "cell"),
        "Separator relative conductivity": assumed(0.9, "pressed pellet of about 90 % density"),
        "Positive particle radius [m]": defined(particle_radius, "powder"),
    }


def fraction_entries(domain: str, fractions: VolumeFractions, how: str = "") -> dict[str, Entry]:
    """Volume fractions of an electrode and the limits of its networks that follow from them."""
    how = how or "recipe, densities and void fraction"
    electronic = fractions.active_material + fractions.carbon
    prefix = f"{domain} electrode"
    return {
        f"{prefix} active material volume fraction": derived(fractions.active_material, how),
        f"{prefix} solid electrolyte volume fraction": derived(fractions.solid_electrolyte, how),
        f"{prefix} carbon volume fraction": derived(fractions.carbon, how),
        f"{prefix} binder volume fraction": derived(fractions.binder, how),
        f"{prefix} void fraction": derived(fractions.void, how),
        f"{prefix} electronic network volume fraction": derived(electronic, "active material and carbon"),
        f"{prefix} dense-limit relative ionic conductivity": derived(
            fractions.solid_electrolyte, "tortuosity factor of one"
        ),
        f"{prefix} dense-limit relative electronic conductivity": derived(
            electronic, "tortuosity factor of one"
        ),
    }


#: Composites of a negative material: recipe, capacity over that of the positive electrode, stoichiometry of
#: the discharged cell. All assumptions.
_COMPOSITES: dict[str, tuple[dict[str, float], float, float]] = {
    "LTO": ({"active material": 50, "solid electrolyte": 40, "carbon": 10}, 1.5, 0.05),
    "graphite": ({"active material": 60, "solid electrolyte": 40}, 1.2, 0.02),
    "Si": ({"active material": 40, "solid electrolyte": 50, "carbon": 10}, 1.5, 0.05),
    "Sn": ({"active material": 60, "solid electrolyte": 35, "carbon": 5}, 1.3, 0.05),
}


def negative_composite(name: str, sulfide, positive_thickness, positive_fractions, oxide) -> dict[str, Entry]:
    """Porous negative electrode of a material, its capacity a multiple of that of the positive electrode."""
    from assb.parameters import materials

    material = materials.NEGATIVE[name]
    recipe, excess, discharged = _COMPOSITES[name]
    densities = _densities(material, sulfide, materials.CARBON)
    fractions = volume_fractions(recipe, densities, 0.12)
    positive_charge = (
        0.8
        * oxide["Maximum concentration in positive electrode [mol.m-3]"].value
        * positive_fractions.active_material
        * positive_thickness
    )
    density = (
        material["Maximum concentration in negative electrode [mol.m-3]"].value * fractions.active_material
    )
    entries = fraction_entries(
        "Negative", fractions, f"assumed recipe {':'.join(f'{share:g}' for share in recipe.values())}"
    )
    return {
        **entries,
        "Negative electrode thickness [m]": assumed(
            excess * positive_charge / density, f"capacity {excess} times that of the positive electrode"
        ),
        "Initial stoichiometry in negative electrode": assumed(
            discharged, "discharged, with a little formation lithium"
        ),
    }
