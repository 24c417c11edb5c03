"""Parameter symbols of one electrode and of its particle populations."""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from typing import TYPE_CHECKING, Any

import pybamm

from assb.models.closures import utilised_area_fraction

if TYPE_CHECKING:
    from assb.models.symbols import Symbols

#: Names of the populations, in PyBaMM's order.
PHASES = ("primary", "secondary")
#: Beginnings, after "Positive electrode", of what belongs to the electrode and not to a population.
ELECTRODE_WIDE = (
    "thickness [m]",
    "solid electrolyte volume",
    "carbon",
    "binder",
    "void",
    "conductivity",
    "Bruggeman",
    "ionic",
    "electronic",
    "dense-limit",
    "confined modulus",
    "double-layer",
    "contact pressure memory",
    "contact constriction",
    "active material conductivity",
    "pores per active",
    "electrolyte damage",
    "fabrication pressure",
)


def electrode_wide(name: str) -> bool:
    """Whether a parameter belongs to the electrode as a whole and not to a particle population.

    Parameters
    ----------
    name : str
        Name without prefix, for example "Positive electrode thickness [m]". Only the positive
        electrode has populations.
    """
    if name.startswith("Positive electrode "):
        return name.removeprefix("Positive electrode ").startswith(ELECTRODE_WIDE)
    return not name.startswith("Positive particle ") and not name.endswith(
        ("stoichiometry in positive electrode", "concentration in positive electrode [mol.m-3]")
    )


#: Argument of what is a function of the depth: 0 at the separator and 1 at the collector.
DEPTH = "Depth over thickness of positive electrode"


def depth_variable(domain: str) -> pybamm.SpatialVariable:
    """Dimensionless depth x/L of an electrode."""
    return pybamm.SpatialVariable(f"x_{domain[0]}", domain=[f"{domain} electrode"], coord_sys="cartesian")


class ElectrodeSymbols:
    """Symbols of one electrode; `domain` is "negative" or "positive".

    `populations` are the symbols of its particle populations: the electrode itself when there is one,
    else :class:`PopulationSymbols`. With several, what is written here of the particles is the sum or
    the mean of the populations.
    """

    #: "primary" or "secondary" for a population of several, else empty.
    phase = ""

    def __init__(self, domain: str, cell: Symbols):
        self.domain = domain
        self.cell = cell
        self.Domain = domain.capitalize()
        self.populations: list[ElectrodeSymbols] = [self]

    @property
    def label(self) -> str:
        """Beginning of the variables of this electrode or population, "Positive electrode primary"."""
        return f"{self.Domain} electrode {self.phase}".rstrip()

    @property
    def mean_label(self) -> str:
        """Beginning of means over the thickness, "X-averaged positive electrode primary"."""
        return f"X-averaged {self.domain} electrode {self.phase}".rstrip()

    @property
    def particle(self) -> str:
        """Domain of the particles, "positive primary particle"."""
        return " ".join(part for part in (self.domain, self.phase, "particle") if part)

    @property
    def Particle(self) -> str:
        """Beginning of the variables in the particles, "Positive primary particle"."""
        return self.particle.capitalize()

    def parameter(self, name: str) -> str:
        """Full name of a parameter; the populations put their prefix before it."""
        return name

    def scalar(self, name: str, factor: float = 1.0) -> pybamm.Symbol:
        """Parameter "<Domain> electrode <name>" in SI."""
        return self.cell.scalar(self.parameter(f"{self.Domain} electrode {name}"), factor)

    @property
    def graded(self) -> bool:
        """Whether the volume fractions are functions of the depth."""
        return self.cell.graded and self.domain == "positive"

    def share(self, name: str) -> pybamm.Symbol:
        """Volume fraction "<Domain> electrode <name>", or what follows from it; of the depth if graded."""
        if not self.graded:
            return self.scalar(name)
        full = self.parameter(f"{self.Domain} electrode {name}")
        return pybamm.FunctionParameter(full, {DEPTH: depth_variable(self.domain)})

    def activated(self, name: str, energy: str) -> pybamm.Symbol:
        """Electrode parameter with an Arrhenius law."""
        return self.cell.activated(self.scalar(name), self.parameter(f"{self.Domain} electrode {energy}"))

    def _several(self) -> bool:
        return len(self.populations) > 1

    @cached_property
    def L(self) -> pybamm.Symbol:
        """Thickness [m]."""
        return self.scalar("thickness [m]")

    @cached_property
    def R_particle(self) -> pybamm.Symbol:
        """Radius of the active particles [m]; of several populations the mean by surface."""
        if self._several():
            return self.fraction_am / sum(k.fraction_am / k.R_particle for k in self.populations)
        return self.cell.scalar(self.parameter(f"{self.Domain} particle radius [m]"))

    @cached_property
    def c_max(self) -> pybamm.Symbol:
        """Concentration of the fully lithiated active material [mol.m-3]."""
        if self._several():
            return sum(k.fraction_am * k.c_max for k in self.populations) / self.fraction_am
        return self.cell.scalar(self.parameter(f"Maximum concentration in {self.domain} electrode [mol.m-3]"))

    @cached_property
    def y_init(self) -> pybamm.Symbol:
        """Initial stoichiometry."""
        return self.cell.scalar(self.parameter(f"Initial stoichiometry in {self.domain} electrode"))

    @cached_property
    def fraction_am(self) -> pybamm.Symbol:
        """Volume fraction of active material."""
        if self._several():
            return sum(k.fraction_am for k in self.populations)
        return self.share("active material volume fraction")

    @property
    def fraction_am_total(self) -> pybamm.Symbol:
        """Volume fraction of active material of all populations."""
        return self.fraction_am

    @property
    def volume_share(self) -> pybamm.Symbol:
        """Share in the volume of the active material, one without other populations."""
        return pybamm.Scalar(1)

    def mean_by_surface(self, value: str | Callable[[ElectrodeSymbols], pybamm.Symbol]) -> pybamm.Symbol:
        """Electrode parameter in SI, or a function of the symbols; of several populations by connected surface."""

        def of(k: ElectrodeSymbols) -> pybamm.Symbol:
            return k.scalar(value) if isinstance(value, str) else value(k)

        if not self._several():
            return of(self)
        surfaces = [k.fraction_am * k.connected / k.R_particle for k in self.populations]
        values = [of(k) for k in self.populations]
        return sum(a * v for a, v in zip(surfaces, values, strict=True)) / sum(surfaces)

    @cached_property
    def fraction_se(self) -> pybamm.Symbol:
        """Volume fraction of solid electrolyte."""
        return self.share("solid electrolyte volume fraction")

    @cached_property
    def connected(self) -> pybamm.Symbol:
        """Share of the active material that is connected at assembly, to electrolyte as well if that is asked."""
        if self._several():
            return sum(k.fraction_am * k.connected for k in self.populations) / self.fraction_am
        active = self.scalar("active fraction")
        if self.cell.touching and self.domain == "positive":
            return active * self.packing
        return active

    @property
    def packing(self) -> pybamm.Symbol:
        """What packing with electrolyte gives contact: of the surface of particles, or of their number."""
        return utilised_area_fraction(self.size_ratio, self.fraction_se, self.fraction_am_total)

    @cached_property
    def void(self) -> pybamm.Symbol:
        """Volume fraction of pores."""
        return self.share("void fraction")

    @cached_property
    def size_ratio(self) -> pybamm.Symbol:
        """Diameter ratio of active and solid-electrolyte particles."""
        return self.R_particle / self.cell.R_se

    @cached_property
    def q_volumetric(self) -> pybamm.Symbol:
        """Charge capacity of the connected active material per electrode volume [C.m-3]."""
        if self._several():
            return sum(k.q_volumetric for k in self.populations)
        return self.cell.F * self.c_max * self.fraction_am * self.connected

    @cached_property
    def j_typical(self) -> pybamm.Symbol:
        """Interfacial current density of the nominal capacity in one hour [A.m-2], a scale."""
        fraction, radius = self.fraction_am, self.R_particle
        if self.graded:  # only a scale, and a number: a usual share
            fraction, radius = pybamm.Scalar(0.5), self.populations[0].R_particle
        return self.cell.i_typical * radius / (3 * fraction * self.L)

    def ocp(self, y: Any, temperature: pybamm.Symbol | None = None) -> pybamm.Symbol:
        """Open-circuit potential against lithium [V] at stoichiometry `y`.

        Where the temperature is a state it follows it, ``U(y) + (T - T_ref) dU/dT``; a cell at a fixed
        temperature takes the curve as it is given.
        """
        potential = pybamm.FunctionParameter(
            self.parameter(f"{self.Domain} electrode OCP [V]"),
            {self.parameter(f"{self.Domain} particle stoichiometry"): y},
        )
        if not self.cell.lumped:
            return potential
        rise = (self.cell.T if temperature is None else temperature) - self.cell.T_ref
        return potential + rise * self.entropic_change(y)

    def entropic_change(self, y: Any) -> pybamm.Symbol:
        """Entropic change of the open-circuit potential dU/dT [V.K-1] at stoichiometry `y`."""
        return pybamm.FunctionParameter(
            self.parameter(f"{self.Domain} electrode OCP entropic change [V.K-1]"),
            {self.parameter(f"{self.Domain} particle stoichiometry"): y},
        )

    def plateau(self, temperature: pybamm.Symbol | None = None) -> pybamm.Symbol:
        """Potential of a foil against lithium [V]."""
        potential = self.scalar("potential [V]")
        if not self.cell.lumped:
            return potential
        rise = (self.cell.T if temperature is None else temperature) - self.cell.T_ref
        return potential + rise * self.scalar("OCP entropic change [V.K-1]")

    @property
    def hysteretic(self) -> bool:
        """Whether the potential depends on the direction."""
        return self.cell.hysteretic and self.domain == "negative"

    def branch(self, y: Any, state: Any, temperature: pybamm.Symbol | None = None) -> pybamm.Symbol:
        """Open-circuit potential [V] at stoichiometry `y` and hysteresis state, 1 delithiated, -1 lithiated."""
        half = pybamm.FunctionParameter(
            self.parameter(f"{self.Domain} electrode OCP hysteresis [V]"),
            {self.parameter(f"{self.Domain} particle stoichiometry"): y},
        )
        return self.ocp(y, temperature) + 0.5 * state * half

    @property
    def ocp_init(self) -> pybamm.Symbol:
        """Open-circuit potential of the initial state [V]."""
        if self.hysteretic:
            return self.branch(self.y_init, self.scalar("initial hysteresis state"), self.cell.T_init)
        return self.ocp(self.y_init, self.cell.T_init)

    def ocp_slope(self, y: Any, step: float = 1e-3) -> pybamm.Symbol:
        """Slope dU/dy [V], a central difference: any function of y may serve as the potential."""
        return (self.ocp(y + step) - self.ocp(y - step)) / (2 * step)

    def diffusivity(self, y: Any, temperature: Any) -> pybamm.Symbol:
        """Diffusivity of lithium in the active material [m2.s-1]."""
        return pybamm.FunctionParameter(
            self.parameter(f"{self.Domain} particle diffusivity [m2.s-1]"),
            {
                self.parameter(f"{self.Domain} particle stoichiometry"): y,
                "Temperature [K]": temperature,
            },
        )

    def exchange_current_density(self, y: Any) -> pybamm.Symbol:
        """Exchange current density per true contact area [A.m-2]."""
        return pybamm.FunctionParameter(
            self.parameter(f"{self.Domain} electrode exchange-current density [A.m-2]"),
            {
                self.parameter(f"{self.Domain} particle surface stoichiometry"): y,
                "Temperature [K]": self.cell.T,
            },
        )

    def strain(self, y: Any) -> pybamm.Symbol:
        """Volume strain of the active material relative to full lithiation."""
        return pybamm.FunctionParameter(
            self.parameter(f"{self.Domain} electrode volume strain"),
            {self.parameter(f"{self.Domain} particle stoichiometry"): y},
        )

    def strain_slope(self, y: Any, step: float = 1e-3) -> pybamm.Symbol:
        """Slope de/dy, a central difference."""
        return (self.strain(y + step) - self.strain(y - step)) / (2 * step)


class PopulationSymbols(ElectrodeSymbols):
    """Symbols of one of several particle populations of an electrode.

    Parameters carry PyBaMM's prefix, "Primary: Positive particle radius [m]", except those of the
    electrode as a whole; see :func:`electrode_wide`.
    """

    def __init__(self, domain: str, cell: Symbols, phase: str):
        super().__init__(domain, cell)
        self.phase = phase

    @property
    def _electrode(self) -> ElectrodeSymbols:
        return self.cell.domain_params[self.domain]

    def parameter(self, name: str) -> str:
        """Full name of a parameter, with the prefix where it belongs to the population."""
        return name if electrode_wide(name) else f"{self.phase.capitalize()}: {name}"

    @property
    def fraction_am_total(self) -> pybamm.Symbol:
        """Volume fraction of active material of all populations."""
        return self._electrode.fraction_am

    @property
    def volume_share(self) -> pybamm.Symbol:
        """Share in the volume of the active material."""
        return self.fraction_am / self.fraction_am_total

    @property
    def j_typical(self) -> pybamm.Symbol:
        """Scale of the interfacial current density [A.m-2], that of the electrode."""
        return self._electrode.j_typical
