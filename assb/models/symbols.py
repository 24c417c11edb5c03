"""Parameter symbols of the models: one place where names and units meet the equations.

Pressures, moduli and areal charges carry the field's units in their names and are converted to SI
here, once. Symbols are made when first asked for, so a switched-off mechanism needs no value.
"""

from __future__ import annotations

from functools import cached_property

import pybamm

from assb.models.closures import arrhenius
from assb.models.closures.smooth import FARADAY, R_GAS
from assb.models.electrode_symbols import PHASES, ElectrodeSymbols, PopulationSymbols

MPA = 1e6
GPA = 1e9
MAH_PER_CM2 = 3.6e4  # C.m-2


class Symbols:
    """Symbols of the whole cell.

    Parameters
    ----------
    populations : {1, 2}
        Particle populations in the positive electrode.
    foil : bool
        Whether the negative electrode is a foil.
    lumped : bool
        Whether the temperature is a state of the cell.
    hysteretic : bool
        Whether the potential of the negative electrode depends on the direction.
    graded : bool
        Whether volume fractions of the positive electrode are functions of the depth.
    touching : bool
        Whether particles of the positive electrode that touch no electrolyte take no part.

    The attributes `Q`, `A_cc`, `current_with_time`, `current_density_with_time`, `voltage_low_cut`
    and `voltage_high_cut` are what PyBaMM's external-circuit submodels ask for.
    """

    R = pybamm.Scalar(R_GAS)
    F = pybamm.Scalar(FARADAY)

    def __init__(
        self,
        populations: int = 1,
        foil: bool = True,
        lumped: bool = False,
        graded: bool = False,
        hysteretic: bool = False,
        touching: bool = False,
    ) -> None:
        self.foil = foil
        self.lumped = lumped
        self.hysteretic = hysteretic
        self.graded = graded
        self.touching = touching
        self.n = ElectrodeSymbols("negative", self)
        self.p = ElectrodeSymbols("positive", self)
        if populations == 2:
            self.p.populations = [PopulationSymbols("positive", self, phase) for phase in PHASES]
        self.domain_params = {"negative": self.n, "positive": self.p}

    @staticmethod
    def scalar(name: str, factor: float = 1.0) -> pybamm.Symbol:
        """Parameter `name` times the factor that brings it to SI."""
        symbol = pybamm.Parameter(name)
        return symbol if factor == 1.0 else factor * symbol

    @cached_property
    def A_cc(self) -> pybamm.Symbol:
        """Electrode area [m2]."""
        return self.scalar("Electrode area [m2]")

    @cached_property
    def Q(self) -> pybamm.Symbol:
        """Nominal capacity [A.h]."""
        return self.scalar("Nominal cell capacity [A.h]")

    @cached_property
    def current_with_time(self) -> pybamm.Symbol:
        """Applied current [A], positive on discharge."""
        return pybamm.FunctionParameter("Current function [A]", {"Time [s]": pybamm.t})

    @cached_property
    def current_density_with_time(self) -> pybamm.Symbol:
        """Applied current per electrode area [A.m-2]."""
        return self.current_with_time / self.A_cc

    @cached_property
    def i_typical(self) -> pybamm.Symbol:
        """Current density of the nominal capacity in one hour [A.m-2], a scale."""
        return self.Q / self.A_cc

    @cached_property
    def voltage_low_cut(self) -> pybamm.Symbol:
        """Lower voltage cut-off [V]."""
        return self.scalar("Lower voltage cut-off [V]")

    @cached_property
    def voltage_high_cut(self) -> pybamm.Symbol:
        """Upper voltage cut-off [V]."""
        return self.scalar("Upper voltage cut-off [V]")

    @property
    def ocv_init(self) -> pybamm.Symbol:
        """Open-circuit voltage of the initial state [V], where PyBaMM looks for a voltage that is a state."""
        positive = self.p.populations[0]
        negative = self.n.plateau(self.T_init) if self.foil else self.n.ocp_init
        return positive.ocp_init - negative

    @cached_property
    def T(self) -> pybamm.Symbol:
        """Cell temperature [K]: ambient, or a state that the heat of the cell changes."""
        if self.lumped:
            return pybamm.Variable("Volume-averaged cell temperature [K]", scale=300)
        return self.T_init

    @cached_property
    def T_init(self) -> pybamm.Symbol:
        """Temperature of the surroundings, at which a cell starts [K]."""
        return self.scalar("Ambient temperature [K]")

    @cached_property
    def T_ref(self) -> pybamm.Symbol:
        """Temperature at which parameters are quoted [K]."""
        return self.scalar("Reference temperature [K]")

    def activated(self, value: pybamm.Symbol, energy_name: str) -> pybamm.Symbol:
        """Arrhenius law: `value` at the reference temperature carried to the cell temperature."""
        return value * arrhenius(self.scalar(energy_name), self.T, self.T_ref)

    @cached_property
    def kappa_se(self) -> pybamm.Symbol:
        """Conductivity of the dense solid electrolyte at cell temperature [S.m-1]."""
        return self.activated(
            self.scalar("Solid electrolyte conductivity [S.m-1]"),
            "Solid electrolyte conductivity activation energy [J.mol-1]",
        )

    @cached_property
    def R_se(self) -> pybamm.Symbol:
        """Radius of the solid-electrolyte particles in the composite [m]."""
        return self.scalar("Solid electrolyte particle radius [m]")

    @cached_property
    def separator_relative(self) -> pybamm.Symbol:
        """Conductivity of the separator over that of the electrolyte in the composite.

        A number, or of layers in series a function of the temperature.
        """
        return pybamm.FunctionParameter("Separator relative conductivity", {"Temperature [K]": self.T})

    @cached_property
    def separator_resistance(self) -> pybamm.Symbol:
        """Area resistance of the separator [Ohm.m2]."""
        length = self.scalar("Separator thickness [m]")
        return length / (self.kappa_se * self.separator_relative)

    @cached_property
    def contact_resistance(self) -> pybamm.Symbol:
        """Resistance in series with the cell [Ohm], PyBaMM's parameter."""
        return pybamm.FunctionParameter("Contact resistance [Ohm]", {"Temperature [K]": self.T})

    @cached_property
    def P_0(self) -> pybamm.Symbol:
        """Stack pressure at the initial state [Pa]."""
        return self.scalar("Stack pressure [MPa]", MPA)
