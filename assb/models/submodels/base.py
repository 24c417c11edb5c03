"""What the electrode submodels share: fields that are resolved in depth or averaged over it."""

from __future__ import annotations

from typing import Any

import pybamm

from assb.models.choices import Options
from assb.models.electrode_symbols import ElectrodeSymbols, depth_variable
from assb.models.symbols import Symbols


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

    def transfer_coefficient(self, electrode: ElectrodeSymbols) -> pybamm.Symbol | None:
        """Transfer coefficient of the oxidation in an electrode, None where the kinetics are symmetric."""
        kinetics = getattr(self.options, electrode.domain)["intercalation kinetics"]
        if kinetics == "symmetric Butler-Volmer":
            return None
        return electrode.scalar("Butler-Volmer transfer coefficient")


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
    population : ElectrodeSymbols, optional
        Particle population of the submodel; by default it is one of the electrode as a whole.
    """

    def __init__(
        self,
        param: Symbols,
        options: Options,
        domain: str,
        resolved: bool,
        population: ElectrodeSymbols | None = None,
    ):
        self.electrode: ElectrodeSymbols = population or param.domain_params[domain]
        name = " ".join(part for part in (domain, self.electrode.phase, type(self).__name__) if part)
        super().__init__(param, options, name, domain=domain)
        self.resolved = resolved
        #: Populations of the electrode, of which :attr:`electrode` may be one.
        self.populations: list[ElectrodeSymbols] = param.domain_params[domain].populations

    @property
    def label(self) -> str:
        """Beginning of the variables, "Positive electrode" or "Positive electrode primary"."""
        return self.electrode.label

    @property
    def leads(self) -> bool:
        """True for the first population, which carries what the electrode has once."""
        return self.electrode.phase in ("", self.populations[0].phase)

    def option(self, name: str) -> str:
        """Value of an option in this electrode."""
        return self.options.of(self.domain, name)

    def field(self, name: str, scale: Any = 1) -> pybamm.Variable:
        """New state "<label> <name>", through the thickness or averaged over it."""
        domain = [f"{self.domain} electrode"] if self.resolved else []
        return pybamm.Variable(f"{self.label} {name}", domain=domain, scale=scale)

    def filled(self, value: Any) -> pybamm.Symbol:
        """A constant as a field."""
        symbol = value if isinstance(value, pybamm.Symbol) else pybamm.Scalar(value)
        if self.resolved and not symbol.domain:
            return pybamm.PrimaryBroadcast(symbol, f"{self.domain} electrode")
        return symbol

    def mean(self, symbol: pybamm.Symbol) -> pybamm.Symbol:
        """Mean of a field over the thickness."""
        return pybamm.x_average(symbol) if self.resolved else symbol

    def equilibrium(self, variables: dict[str, pybamm.Symbol], y: pybamm.Symbol) -> pybamm.Symbol:
        """Open-circuit potential [V] at stoichiometry `y`, on the branch of the hysteresis if there is one."""
        if self.electrode.hysteretic:
            return self.electrode.branch(y, self.get(variables, "hysteresis state"))
        return self.electrode.ocp(y)

    def depth(self) -> pybamm.SpatialVariable:
        """Dimensionless depth x/L of this electrode, 0 at its left edge."""
        return depth_variable(self.domain)

    def named(self, **fields: pybamm.Symbol) -> dict[str, pybamm.Symbol]:
        """Variables "<label> <name>" and their means "X-averaged <label> <name>"."""
        variables = {}
        for name, symbol in fields.items():
            variables[f"{self.label} {name}"] = symbol
            variables[f"{self.electrode.mean_label} {name}"] = self.mean(symbol)
        return variables

    def get(self, variables: dict[str, pybamm.Symbol], name: str) -> pybamm.Symbol:
        """Variable "<label> <name>", of a population or else of its electrode.

        A KeyError tells PyBaMM to come back later.
        """
        own = f"{self.label} {name}"
        return variables[own if own in variables else f"{self._Domain} electrode {name}"]


def register_citation(key: str) -> None:
    """Register an entry of ``sources.bib`` with PyBaMM's citation list."""
    from assb.parameters.sources import bibtex

    pybamm.citations.register(bibtex(key))
