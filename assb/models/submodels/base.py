"""What the electrode submodels share: fields that are resolved in depth or averaged over it."""

from __future__ import annotations

from typing import Any

import pybamm

from assb.models.choices import Options
from assb.models.symbols import ElectrodeSymbols, Symbols


class Submodel(pybamm.BaseSubModel):
    """Submodel of the whole cell.

    Parameters
    ----------
    param : Symbols
        Parameter symbols.
    options : Options
        Resolved options of the model.
    name : str
        Name of the submodel.
    """

    #: Citations registered with PyBaMM when the submodel is used (BibTeX keys of ``sources.bib``).
    citations: tuple[str, ...] = ()

    def __init__(self, param: Symbols, options: Options, name: str, domain: str | None = None):
        super().__init__(param, domain=domain, name=name, options=options)
        for key in self.citations:
            register_citation(key)


class ElectrodeSubmodel(Submodel):
    """Submodel of one composite electrode.

    Parameters
    ----------
    param, options
        As in :class:`Submodel`.
    domain : {"negative", "positive"}
        Electrode.
    resolved : bool
        True when fields vary through the thickness (DFN), False when they stand for its mean (SPM).
    """

    def __init__(self, param: Symbols, options: Options, domain: str, resolved: bool):
        super().__init__(param, options, f"{domain} {type(self).__name__}", domain=domain)
        self.resolved = resolved
        self.electrode: ElectrodeSymbols = param.domain_params[domain]

    def option(self, name: str) -> str:
        """Value of an option in this electrode."""
        return self.options.of(self.domain, name)

    def field(self, name: str, scale: Any = 1) -> pybamm.Variable:
        """New state "<Domain> electrode <name>", through the thickness or averaged over it."""
        domain = [f"{self.domain} electrode"] if self.resolved else []
        return pybamm.Variable(f"{self._Domain} electrode {name}", domain=domain, scale=scale)

    def filled(self, value: Any) -> pybamm.Symbol:
        """A constant as a field."""
        symbol = value if isinstance(value, pybamm.Symbol) else pybamm.Scalar(value)
        if self.resolved and not symbol.domain:
            return pybamm.PrimaryBroadcast(symbol, f"{self.domain} electrode")
        return symbol

    def mean(self, symbol: pybamm.Symbol) -> pybamm.Symbol:
        """Mean of a field over the thickness."""
        return pybamm.x_average(symbol) if self.resolved else symbol

    def depth(self) -> pybamm.SpatialVariable:
        """Dimensionless depth x/L of this electrode, 0 at its left edge."""
        return depth_variable(self.domain)

    def named(self, **fields: pybamm.Symbol) -> dict[str, pybamm.Symbol]:
        """Variables "<Domain> electrode <name>" and their means "X-averaged <domain> electrode <name>"."""
        variables = {}
        for name, symbol in fields.items():
            variables[f"{self._Domain} electrode {name}"] = symbol
            variables[f"X-averaged {self.domain} electrode {name}"] = self.mean(symbol)
        return variables

    def get(self, variables: dict[str, pybamm.Symbol], name: str) -> pybamm.Symbol:
        """Variable "<Domain> electrode <name>"; a KeyError tells PyBaMM to come back later."""
        return variables[f"{self._Domain} electrode {name}"]


def depth_variable(domain: str) -> pybamm.SpatialVariable:
    """Dimensionless depth x/L of an electrode."""
    return pybamm.SpatialVariable(f"x_{domain[0]}", domain=[f"{domain} electrode"], coord_sys="cartesian")


def register_citation(key: str) -> None:
    """Register an entry of ``sources.bib`` with PyBaMM's citation list."""
    from assb.parameters.sources import bibtex

    pybamm.citations.register(bibtex(key))
