"""Many cycles of many cells: one compiled model, its parameters as inputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import pybamm
import xarray as xr

from assb.models import SPM
from assb.models import compile as compile_model
from assb.models.compiled.steps import Cutoff, Step
from assb.validation.propositions.runs import (
    COARSE,
    FULL,
    MEAN,
    WINDOW,
    Array,
    P,
    _options,
    _two,
    plateau,
    sites,
    surfaces,
)

#: Parameters that tests change; one code serves them all.
FREE = (
    "Ambient temperature [K]",
    "Electrode area [m2]",
    "Initial stoichiometry in positive electrode",
    "Nominal cell capacity [A.h]",
    "Positive particle radius [m]",
    "Solid electrolyte conductivity [S.m-1]",
    "Solid electrolyte particle radius [m]",
    "Solid electrolyte electronic conductivity [S.m-1]",
    "Stack pressure [MPa]",
    "Fixture stiffness [MPa.um-1]",
    *(
        P + name
        for name in (
            "thickness [m]",
            "active material volume fraction",
            "solid electrolyte volume fraction",
            "carbon volume fraction",
            "void fraction",
            "electronic network volume fraction",
            "dense-limit relative ionic conductivity",
            "dense-limit relative electronic conductivity",
            "active fraction",
            "contact damage rate",
            "cracking rate",
            "cracking electrolyte scale",
            "grain orientation order",
            "fabrication pressure [MPa]",
            "pressing crack factor",
            "isolation per contact damage",
            "isolation per cracked fraction",
            "coated fraction",
            "interphase parabolic constant [m2.s-1]",
            "interphase transfer coefficient",
            "interphase oxidation onset [V]",
            "gap contact stiffness [GPa]",
            "initial interphase thickness [m]",
        )
    ),
)
#: Reported at the end of each step.
OUTPUTS = (
    "Voltage [V]",
    "Open-circuit voltage [V]",
    "Stack pressure [MPa]",
    MEAN + "contact fraction",
    MEAN + "isolated fraction",
    MEAN + "stoichiometry",
)


class Aged:
    """Galvanostatic cycles of a cell on compiled code of the single-particle model.

    Parameters
    ----------
    values : pybamm.ParameterValues
    options : mapping, optional
    number : int
        Of cycles, each a charge and a discharge.
    rate : float
        C-rate of charge and discharge.
    window : (float, float)
        Cut-offs [V vs Li].
    outputs : sequence of str
        Variables reported at the end of each step besides `OUTPUTS`.
    pulse : float, optional
        C-rate of a discharge of 5 s at the end of each cycle, after a charge by half the nominal capacity at that
        rate and two hours of rest; see `resistance`.

    Raises
    ------
    RuntimeError
        When a step cannot be integrated or an event of the cell ended it.
    """

    def __init__(
        self,
        values: pybamm.ParameterValues,
        options: Mapping[str, str] | None = None,
        number: int = 100,
        rate: float = 0.2,
        window: tuple[float, float] = WINDOW,
        outputs: Sequence[str] = (),
        pulse: float | None = None,
    ):
        self.values = values
        chosen = _options(values, options)
        wanted = tuple(dict.fromkeys((*OUTPUTS, *surfaces(values), *outputs)))
        candidates = tuple(k for k in FREE if isinstance(_get(values, k), (int, float)))
        free = _effective(tuple(sorted(chosen.items())), candidates, _Key(values))
        model = compile_model(
            SPM(chosen), _settled(values), list(free), list(wanted), var_pts=_points(chosen), check=False
        )
        low, high = (level - plateau(values) for level in window)
        unit = values["Nominal cell capacity [A.h]"]
        steps = [Step.current(-rate * unit, high)]
        ends = [Cutoff("Voltage [V]", below=low), *(Cutoff(k, above=FULL) for k in surfaces(values))]
        steps.append(Step.current(rate * unit, ends))
        if pulse:
            steps.append(Step.current(-pulse * unit, duration=1800.0 / pulse))
            steps += [Step.rest(7200.0), Step.current(pulse * unit, duration=5.0)]
        self.data: xr.Dataset = model.cycle(steps, number, {k: float(values[k]) for k in free})
        if not np.isfinite(self.data["Charge [A.h]"].values).all():
            raise RuntimeError(str(self.data.attrs.get("reason", "a cycle was not finished")))

    @cached_property
    def charged(self) -> Array:
        """Charge capacity of each cycle [A.h]."""
        return -self.data["Charge [A.h]"].values[:, 0]

    @cached_property
    def discharged(self) -> Array:
        """Discharge capacity of each cycle [A.h]."""
        return self.data["Charge [A.h]"].values[:, 1]

    @property
    def utilisation(self) -> Array:
        """Discharge capacity of each cycle over the lithium sites of all active material."""
        return self.discharged / sites(self.values)

    @property
    def efficiency(self) -> float:
        """First discharge over first charge."""
        return float(self.discharged[0] / self.charged[0])

    @property
    def retention(self) -> float:
        """Last discharge capacity over the first."""
        return float(self.discharged[-1] / self.discharged[0])

    @property
    def resistance(self) -> Array:
        """Area resistance [Ohm.cm2] at the end of the pulse of each cycle."""
        last = self.data.isel(step=-1)
        drop = last["Open-circuit voltage [V]"].values - last["Voltage [V]"].values
        return 1e4 * drop * self.values["Electrode area [m2]"] / last["Current [A]"].values

    def after_charge(self, name: str) -> Array:
        """Scalar variable at the end of the charge of each cycle."""
        return self.data[name].values[:, 0]

    def after_discharge(self, name: str) -> Array:
        """Scalar variable at the end of each cycle."""
        return self.data[name].values[:, 1]


class _Key:
    """Values that only matter by what is a number in them: a cache need not tell them apart."""

    def __init__(self, values: pybamm.ParameterValues):
        self.values = values
        self._numbers = frozenset(k for k, x in values.items() if isinstance(x, (int, float)))

    def __hash__(self) -> int:
        return hash(self._numbers)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Key) and self._numbers == other._numbers


@lru_cache(maxsize=64)
def _effective(options: tuple, candidates: tuple[str, ...], key: _Key) -> tuple[str, ...]:
    """Candidates that the model with these options depends on."""
    free = key.values.copy()
    free.update(dict.fromkeys((*candidates, "Current function [A]"), "[input]"))
    simulation = pybamm.Simulation(SPM(dict(options)), parameter_values=free, var_pts=_points(dict(options)))
    simulation.build()
    built = simulation.built_model
    symbols = [built.concatenated_rhs, built.concatenated_algebraic, built.concatenated_initial_conditions]
    found = {k.name for s in symbols for k in s.pre_order() if isinstance(k, pybamm.InputParameter)}
    # The voltage is an output; what it alone depends on counts as well.
    voltage = free.process_symbol(SPM(dict(options)).variables["Voltage [V]"])
    found |= {k.name for k in voltage.pre_order() if isinstance(k, pybamm.InputParameter)}
    return tuple(k for k in candidates if k in found)


def _settled(values: pybamm.ParameterValues) -> pybamm.ParameterValues:
    """Values whose limits do not tell cells apart: the steps set them."""
    result = values.copy()
    result.update(
        {
            "Lower voltage cut-off [V]": 0.0,
            "Upper voltage cut-off [V]": 6.0,
            "Current function [A]": 1e-3,
        }
    )
    return result


def _points(options: Mapping[str, Any]) -> dict[str, int]:
    known = SPM(dict(options)).default_var_pts
    return {name: count for name, count in COARSE.items() if name in known}


def _get(values: pybamm.ParameterValues, name: str) -> Any:
    return values[name] if name in values.keys() and not _two(values) else None
