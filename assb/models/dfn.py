"""Through-thickness model of an all-solid-state cell."""

from __future__ import annotations

from typing import ClassVar

from assb.models.base import BaseModel


class DFN(BaseModel):
    """Reaction distribution resolved through the thickness of the composite electrodes.

    The solid-electrolyte counterpart of the Doyle-Fuller-Newman model: a single-ion conductor has
    no salt balance, so the potential difference is the only field besides the particles.

    Parameters
    ----------
    options, name, build
        See :class:`assb.models.BaseModel`.

    Examples
    --------
    >>> import pybamm, assb
    >>> model = assb.models.DFN({"stack pressure": "constant pressure"})
    >>> sim = pybamm.Simulation(model, parameter_values=assb.parameters.get("NCM811_LPSCl_InLi"))

    Notes
    -----
    M. Doyle, T. F. Fuller, J. Newman, J. Electrochem. Soc. 1993, 140, 1526, doi 10.1149/1.2221597.
    """

    resolved: ClassVar[bool] = True
