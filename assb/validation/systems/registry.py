"""The systems of the literature: what each is, what its paper measured, and how to simulate it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import pybamm

    from assb.validation.systems.cases import Case, Outcome

__all__ = ["SYSTEMS", "System", "register"]

Status = Literal["simulated", "built", "missing"]

#: What every system that is a cell has from elsewhere.
MECHANISMS = "contact, interphase, network and kinetics: starting values of sulfide cells, not of this paper"


@dataclass(frozen=True, kw_only=True)
class System:
    """A cell or specimen that a paper measured.

    Attributes
    ----------
    n : int
        Number in the list of 40 systems.
    name : str
        Cell or specimen, as a formula.
    positive, electrolyte, negative : str
        What it is made of; "none" where there is none.
    fixture : str
        What holds it, at which pressure and temperature.
    protocol : str
        What is done with it.
    quantity : str
        What the paper measured: a name in the outcome of :meth:`simulate`.
    source : str
        Keys of ``sources.bib``, with the numbers of the papers that they quote.
    borrowed : tuple of str
        What the paper does not give and another material or cell lends; see :meth:`all_borrowed`.
    missing : str
        What the simulation leaves out, or why there is none.
    cases : mapping of str to Case
        Variants that the paper compares; the first is the default. Empty where nothing is built.
    status : {"simulated", "built", "missing"}
        "simulated": the tests simulate it.
    """

    n: int
    name: str
    positive: str
    electrolyte: str
    negative: str
    fixture: str
    protocol: str
    quantity: str
    source: str
    borrowed: tuple[str, ...] = ()
    missing: str = ""
    cases: Mapping[str, Case] = field(default_factory=dict)
    tested: bool = True

    @property
    def status(self) -> Status:
        """Whether the tests simulate it, or why not."""
        if not self.cases:
            return "missing"
        return "simulated" if self.tested else "built"

    def case(self, label: str | None = None) -> Case:
        """Case of a label, by default the first.

        Raises
        ------
        ValueError
            For a system that is missing or a label that it does not have.
        """
        if not self.cases:
            raise ValueError(f"system {self.n} cannot be simulated: {self.missing}")
        label = label if label is not None else next(iter(self.cases))
        if label not in self.cases:
            raise ValueError(f"case = {label!r}: system {self.n} has {', '.join(self.cases)}")
        return self.cases[label]

    def quantity_of(self, case: str | None = None) -> str:
        """Name of what is measured in a case."""
        return self.case(case).quantity or self.quantity

    def build(self, case: str | None = None) -> tuple[Any, pybamm.ParameterValues, Any]:
        """Model or specimen, parameter values, and experiment, frequencies [Hz] or conditions.

        Parameters
        ----------
        case : str, optional
            One of `cases`.

        Raises
        ------
        ValueError
            As :meth:`case`.
        """
        return self.case(case).build()

    def simulate(self, case: str | None = None) -> Outcome:
        """Simulate a case.

        Parameters
        ----------
        case : str, optional
            One of `cases`.

        Returns
        -------
        dict
            Name -> array or number, :meth:`quantity_of` the case among them.

        Raises
        ------
        ValueError
            As :meth:`case`.
        """
        return self.case(case).simulate()

    def parameter_hash(self, case: str | None = None) -> str:
        """Hash of the resolved parameter values of a case."""
        from assb.validation.systems.cases import parameter_hash

        return parameter_hash(self.case(case).parameter_values())

    def all_borrowed(self) -> list[str]:
        """What is borrowed: as stated, and by the materials of all cases."""
        found = list(self.borrowed)
        if self.cases:
            found.append(MECHANISMS)
        for case in self.cases.values():
            found += [each for each in case.borrowed() if each not in found]
        return found

    def to_dict(self) -> dict[str, Any]:
        """For JSON: what it is, its status, its cases with the hashes of their parameters."""
        names = (
            "positive",
            "electrolyte",
            "negative",
            "fixture",
            "protocol",
            "quantity",
            "source",
            "missing",
        )
        return {
            "n": self.n,
            "name": self.name,
            "status": self.status,
            "what": f"{self.positive} | {self.electrolyte} | {self.negative}; {self.protocol}: {self.quantity}",
            **{name: getattr(self, name) for name in names},
            "borrowed": self.all_borrowed(),
            "cases": {label: self.parameter_hash(label) for label in self.cases},
            "parameter_hash": self.parameter_hash() if self.cases else None,
        }


#: Systems by number.
SYSTEMS: dict[int, System] = {}


def register(*systems: System) -> None:
    """Add systems to the registry.

    Raises
    ------
    ValueError
        For a number that is taken.
    """
    for system in systems:
        if system.n in SYSTEMS:
            raise ValueError(f"n = {system.n}: a system of this number exists, choose another")
        SYSTEMS[system.n] = system
