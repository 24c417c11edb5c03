"""Pellet of pressed solid electrolyte between blocking contacts."""

from __future__ import annotations

import pybamm

from assb.models.specimens.base import Specimen


class SolidElectrolytePellet(Specimen):
    """Pressed pellet between two contacts that block ions: metal | solid electrolyte | metal.

    A resistance beside the geometric capacity, in series with the double layers of the two contacts. The
    conductivity is that of the separator of the full-cell models, which does not follow the pressure.

    Parameters
    ----------
    parameter_values : pybamm.ParameterValues
        Of a cell.
    thickness : float, optional
        [m]; "Separator thickness [m]" by default.
    pressure : float, optional
        [MPa]; "Stack pressure [MPa]" by default.
    contact_capacity : float, optional
        Double layer of each contact per area [F.m-2] (assumption: 0.1, 10 uF/cm2).

    Attributes
    ----------
    resistance, area_resistance : float
        Of the ions [Ohm], [Ohm.cm2]. At zero frequency the contacts block, so that it shows as the real part.

    Raises
    ------
    ValueError
        For a thickness or capacity that is not positive, a negative pressure, a missing parameter.

    Examples
    --------
    >>> pellet = SolidElectrolytePellet(assb.parameters.build(), thickness=1e-3)
    >>> pellet.conductivity  # S.m-1
    """

    def __init__(
        self,
        parameter_values: pybamm.ParameterValues,
        thickness: float | None = None,
        pressure: float | None = None,
        contact_capacity: float = 0.1,
    ):
        super().__init__(parameter_values, {"Stack pressure [MPa]": pressure})
        thickness = self.value("Separator thickness [m]") if thickness is None else thickness
        self.thickness = self._length("thickness", thickness)
        if not contact_capacity > 0:
            raise ValueError(f"contact_capacity = {contact_capacity!r}: it must be positive, in F.m-2")
        self.contact_capacity = contact_capacity

    @property
    def conductivity(self) -> float:
        """Conductivity of the pellet [S.m-1]."""
        return self.thickness / self._resistance()

    def _resistance(self):
        return self.electrolyte_layer(self.thickness)

    def _impedance(self, omega):
        contacts = 2 / (1j * omega * self.contact_capacity)
        return self.electrolyte_impedance(self.thickness, omega) + contacts
