"""Composite between contacts that let one carrier through: what its two networks conduct."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

import numpy as np
import pybamm

from assb.models.closures.transmission_line import electrode_impedance, through_impedance
from assb.models.specimens.base import Specimen, initial_values

#: Kind -> carrier that passes in the steady state.
KINDS = {"ion-blocking": "electronic", "electron-blocking": "ionic", "opposite": None}


class BlockingCell(Specimen):
    """Composite of an electrode between two contacts, each of which lets one carrier through.

    "ion-blocking": metal | composite | metal; electrons pass. "electron-blocking": the contacts are solid
    electrolyte (with reversible electrodes behind it); ions pass. "opposite": solid electrolyte | composite
    | metal, as in a battery; with nothing but a double layer inside nothing passes (de Levie's line). The
    effective conductivities are those of the full-cell model with the same parameter values and options.

    Parameters
    ----------
    parameter_values : pybamm.ParameterValues
        Of a cell.
    kind : {"ion-blocking", "electron-blocking", "opposite"}
        What the contacts stop.
    thickness : float, optional
        Of the composite [m]; that of the electrode by default.
    pressure : float, optional
        [MPa]; "Stack pressure [MPa]" by default.
    domain : {"positive", "negative"}
        Electrode whose composite it is; "negative" needs a composite negative electrode.
    options : mapping, optional
        Options of the models, for example of the networks.
    electrolyte_thickness : float
        Solid electrolyte of each contact that is one [m], in series; 0 leaves it out. Behind metal there is
        none.
    interface : callable, optional
        Impedance of the contact between active material and electrolyte [Ohm.m2 of contact area] as a
        function of the angular frequency [rad.s-1]; the double layer of the electrode by default.

    Attributes
    ----------
    resistance, area_resistance : float
        Steady resistance between the contacts [Ohm], [Ohm.cm2]; infinite for "opposite".

    Raises
    ------
    ValueError
        For an unknown kind or domain, a length that is not positive, a negative pressure.
    pybamm.OptionError
        For an unknown option.

    Examples
    --------
    >>> cell = BlockingCell(assb.parameters.build(), "electron-blocking", pressure=20.0)
    >>> cell.conductivity, cell.tortuosity_factor

    References
    ----------
    The specimens of Y. B. Song et al., Curr. Opin. Solid State Mater. Sci. 2022, doi
    10.1016/j.cossms.2021.100977, Table 3, and of P. Minnmann et al., J. Electrochem. Soc. 2021, 168, 040537, doi
    10.1149/1945-7111/abf8d7. Impedance: :mod:`assb.models.closures.transmission_line`.
    """

    def __init__(
        self,
        parameter_values: pybamm.ParameterValues,
        kind: str,
        thickness: float | None = None,
        pressure: float | None = None,
        domain: str = "positive",
        options: Mapping[str, Any] | None = None,
        electrolyte_thickness: float = 0.0,
        interface: Callable[[Any], Any] | None = None,
    ):
        if kind not in KINDS:
            raise ValueError(f"kind = {kind!r} is not known: use one of {', '.join(KINDS)}")
        if domain not in ("positive", "negative"):
            raise ValueError(f"domain = {domain!r} is not known: use 'positive' or 'negative'")
        super().__init__(parameter_values, {"Stack pressure [MPa]": pressure})
        composite = "Initial stoichiometry in negative electrode" in self.parameter_values.keys()
        if domain == "negative" and not composite:
            raise ValueError(
                "domain = 'negative': the negative electrode of these values is a foil; use 'positive'"
            )
        if not electrolyte_thickness >= 0:
            raise ValueError(
                f"electrolyte_thickness = {electrolyte_thickness!r}: it must not be negative, in m"
            )
        self.kind, self.domain = kind, domain
        self.electrolyte_thickness = electrolyte_thickness
        self._layers = {"ion-blocking": 0, "electron-blocking": 2, "opposite": 1}[kind]
        if not electrolyte_thickness:
            self._layers = 0
        self._options = {"negative": "composite" if composite else "foil", **(options or {})}
        self._interface = interface
        self._prefix = f"{domain.capitalize()} electrode"
        thickness = self.value(f"{self._prefix} thickness [m]") if thickness is None else thickness
        self.thickness = self._length("thickness", thickness)

    @cached_property
    def _state(self) -> dict[str, float]:
        from assb.models.spm import SPM

        names = (
            f"{self._prefix} effective ionic conductivity [S.m-1]",
            f"{self._prefix} effective electronic conductivity [S.m-1]",
            f"X-averaged {self.domain} electrode contact area to volume ratio [m-1]",
        )
        # The fixture plays no part: a specimen is measured at its stack pressure.
        model = SPM({**self._options, "stack pressure": "constant pressure"})
        values = initial_values(model, self.parameter_values, names)
        return dict(zip(("ionic", "electronic", "contact area"), values.values(), strict=True))

    @property
    def ionic_conductivity(self) -> float:
        """Effective conductivity of the electrolyte network [S.m-1]."""
        return self._state["ionic"]

    @property
    def electronic_conductivity(self) -> float:
        """Effective conductivity of the electronic network [S.m-1]."""
        return self._state["electronic"]

    @property
    def _carrier(self) -> str:
        carrier = KINDS[self.kind]
        if carrier is None:
            raise ValueError(
                f"kind = {self.kind!r} lets no single carrier through: ask for ionic_conductivity or"
                " electronic_conductivity, or use another kind"
            )
        return carrier

    @property
    def conductivity(self) -> float:
        """Effective conductivity of the carrier that passes [S.m-1]."""
        return self._state[self._carrier]

    @property
    def tortuosity_factor(self) -> float:
        """Tortuosity factor tau2 of that carrier, ``sigma_0 eps/sigma``.

        For ions sigma_0 is the dense electrolyte and eps its volume fraction; for electrons the parameter
        "conductivity [S.m-1]" of the electrode and the share of active material and carbon.
        """
        from assb.models.symbols import Symbols

        if self._carrier == "ionic":
            dense = self.electrolyte_conductivity
            fraction = self.value(f"{self._prefix} solid electrolyte volume fraction")
        else:
            electrode = Symbols().domain_params[self.domain]
            symbol = electrode.activated("conductivity [S.m-1]", "conductivity activation energy [J.mol-1]")
            dense = float(self.parameter_values.evaluate(symbol))
            fraction = self.value(f"{self._prefix} electronic network volume fraction")
        return dense * fraction / self.conductivity

    @property
    def rails(self) -> tuple[float, float]:
        """Area resistances of the ionic and the electronic network [Ohm.m2]."""
        return self.thickness / self.ionic_conductivity, self.thickness / self.electronic_conductivity

    def _resistance(self):
        if KINDS[self.kind] is None:
            return np.inf
        return self.thickness / self.conductivity + self._layers * self.electrolyte_layer(
            self.electrolyte_thickness
        )

    def _admittance(self, omega):
        """Between the networks, per electrode area [S.m-2]."""
        contact = self._state["contact area"] * self.thickness
        if self._interface is not None:
            return contact / self._interface(omega)
        return 1j * omega * contact * self.value(f"{self._prefix} double-layer capacity [F.m-2]")

    def _impedance(self, omega):
        ionic, electronic = self.rails
        admittance = self._admittance(omega)
        if KINDS[self.kind] is None:
            line = electrode_impedance(ionic, electronic, admittance)
        elif KINDS[self.kind] == "ionic":
            line = through_impedance(ionic, electronic, admittance)
        else:
            line = through_impedance(electronic, ionic, admittance)
        if self._layers:
            line = line + self._layers * self.electrolyte_impedance(self.electrolyte_thickness, omega)
        return line
