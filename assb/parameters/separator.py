"""Separators of several layers in series: bilayers, sandwiches, mediators."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pybamm

from assb.parameters.entry import Entry, assumed, defined, derived


@dataclass(frozen=True)
class SeparatorLayer:
    """One layer of a separator.

    Parameters
    ----------
    electrolyte : str
        Material; see :func:`assb.parameters.build`.
    thickness : float
        Thickness [m].
    relative_conductivity : float
        Conductivity over that of the dense material, 0.9 for a pressed pellet (assumption).

    Raises
    ------
    ValueError
        For a thickness or a conductivity that is not positive.
    """

    electrolyte: str
    thickness: float
    relative_conductivity: float = 0.9

    def __post_init__(self):
        for name in ("thickness", "relative_conductivity"):
            if not getattr(self, name) > 0:
                raise ValueError(
                    f"{name} = {getattr(self, name)!r} of a separator layer: it must be positive, in SI units"
                )


_CONDUCTIVITY = "Solid electrolyte conductivity [S.m-1]"
_ENERGY = "Solid electrolyte conductivity activation energy [J.mol-1]"
_MODULUS = "Separator confined modulus [GPa]"
_INTERFACE = "Separator interface resistance [Ohm.m2]"


@dataclass(frozen=True)
class LayersInSeries:
    """Relative conductivity of a layered separator, a callable of the temperature.

    The models divide the thickness by it and by the conductivity of the electrolyte in the composite. What it returns
    contains that conductivity, so that the area resistance is that of the layers alone.

    Parameters
    ----------
    number : int
        Number of layers.
    """

    number: int

    def resistance(self, temperature: Any) -> pybamm.Symbol:
        """Area resistance ``sum_k L_k/(f_k kappa_k(T)) + (n - 1) r_i`` [Ohm.m2]."""
        total = (self.number - 1) * pybamm.Parameter(_INTERFACE)
        for k in range(1, self.number + 1):
            layer = f"Separator layer {k}"
            kappa = self._activated(
                f"{layer} conductivity [S.m-1]",
                f"{layer} conductivity activation energy [J.mol-1]",
                temperature,
            )
            relative = pybamm.Parameter(f"{layer} relative conductivity")
            total = total + pybamm.Parameter(f"{layer} thickness [m]") / (kappa * relative)
        return total

    def __call__(self, temperature: Any) -> pybamm.Symbol:
        """Relative conductivity at a temperature [K]."""
        composite = self._activated(_CONDUCTIVITY, _ENERGY, temperature)
        return pybamm.Parameter("Separator thickness [m]") / (composite * self.resistance(temperature))

    @staticmethod
    def _activated(conductivity, energy, temperature):
        from assb.models.closures import arrhenius

        reference = pybamm.Parameter("Reference temperature [K]")
        return pybamm.Parameter(conductivity) * arrhenius(pybamm.Parameter(energy), temperature, reference)


def separator_entries(
    layers: Sequence[SeparatorLayer],
    interface_resistance: float,
    materials: Mapping[str, Mapping[str, Entry]],
) -> dict[str, Entry]:
    """Parameters of a layered separator.

    Parameters
    ----------
    layers : sequence of SeparatorLayer
        From the negative to the positive electrode.
    interface_resistance : float
        Resistance of each interface between two layers [Ohm.m2].
    materials : mapping
        Entries of the electrolytes by name.

    Raises
    ------
    ValueError
        Without a layer, for an unknown electrolyte or a negative resistance.
    """
    if not layers:
        raise ValueError(
            "separator = (): give at least one SeparatorLayer, or leave it out for one of the electrolyte"
        )
    if interface_resistance < 0:
        raise ValueError(
            f"separator_interface_resistance = {interface_resistance!r}: it must not be negative, in Ohm.m2"
        )
    entries: dict[str, Entry] = {}
    for k, layer in enumerate(layers, start=1):
        if layer.electrolyte not in materials:
            known = ", ".join(materials)
            raise ValueError(
                f"separator layer {layer.electrolyte!r} is not a known electrolyte: use one of {known}"
            )
        material, prefix = materials[layer.electrolyte], f"Separator layer {k}"
        entries |= {
            f"{prefix} thickness [m]": defined(layer.thickness, "cell"),
            f"{prefix} conductivity [S.m-1]": material[_CONDUCTIVITY],
            f"{prefix} conductivity activation energy [J.mol-1]": material[_ENERGY],
            f"{prefix} relative conductivity": assumed(
                layer.relative_conductivity, "density of a pressed layer"
            ),
        }
    thickness = sum(layer.thickness for layer in layers)
    compliance = sum(layer.thickness / materials[layer.electrolyte][_MODULUS].value for layer in layers)
    names = " | ".join(layer.electrolyte for layer in layers)
    return entries | {
        "Separator thickness [m]": derived(thickness, f"sum of the layers {names}"),
        "Separator relative conductivity": derived(
            LayersInSeries(len(layers)), f"layers {names} in series, over the electrolyte of the composite"
        ),
        _MODULUS: derived(thickness / compliance, f"layers {names} in series"),
        _INTERFACE: assumed(interface_resistance, "resistance of each inner interface"),
    }
