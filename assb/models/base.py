"""Common base of the full-cell models: assembly, voltage, events, defaults."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

import pybamm

from assb.models import _compat, submodels
from assb.models.choices import Options
from assb.models.option_table import OPTIONS
from assb.models.symbols import Symbols


class BaseModel(pybamm.BaseBatteryModel):
    """All-solid-state cell assembled from submodels.

    Parameters
    ----------
    options : mapping, optional
        Choices that differ from the defaults; see :func:`assb.models.options`. PyBaMM's own options
        "surface form" ("false", "differential") and "operating mode" (all of them) are understood as well.
    name : str, optional
        Name of the model.
    build : bool, optional
        Whether to assemble the equations now.

    Raises
    ------
    pybamm.OptionError
        For an unknown option or value.
    """

    #: Submodels that every particle population has for itself.
    of_a_population: ClassVar[tuple[str, ...]] = (
        "particle",
        "contact",
        "isolation",
        "diffusion constriction",
        "cracking",
        "interphase",
        "carbon interphase",
        "space charge",
        "kinetics",
    )
    #: True when fields are resolved through the thickness.
    resolved: ClassVar[bool]

    def __init__(
        self, options: Mapping[str, object] | None = None, name: str | None = None, build: bool = True
    ):
        super().__init__(Options(options), name or type(self).__name__)
        graded = self.options["composition"] == "graded"
        if graded and not self.resolved:
            raise pybamm.OptionError(
                "option 'composition' = 'graded' asks for a model that resolves the depth, which the SPM does not:"
                " use the DFN"
            )
        self.param = Symbols(
            populations=2 if self.options["positive populations"] == "two" else 1,
            foil=self.options["negative"] == "foil",
            lumped=self.options["thermal"] == "lumped",
            graded=graded,
            hysteretic=self.options["negative hysteresis"] != "none",
            touching=self.options["contact packing"] == "touched particles",
        )
        _compat.switch_off_esoh(self)
        self.variables.update(
            {"Time [s]": pybamm.t, "Time [min]": pybamm.t / 60, "Time [h]": pybamm.t / 3600}
        )
        self._set_submodels()
        if build:
            self.build_model()

    @property
    def composites(self) -> list[str]:
        """Electrodes that are porous composites."""
        return ["negative", "positive"] if self.options["negative"] == "composite" else ["positive"]

    def _set_submodels(self) -> None:
        self.set_external_circuit_submodel()
        modal = self.options["reaction distribution"] == "nonlinear modes"
        averaged = submodels.ModalReaction if modal else submodels.AveragedReaction
        reaction = submodels.ResolvedReaction if self.resolved else averaged
        particle = {
            "Fickian": submodels.Particle,
            "spectral": submodels.SpectralParticle,
            "polynomial": submodels.PolynomialParticle,
        }[self.options["particle diffusion"]]
        for domain in self.composites:
            populations = self.param.domain_params[domain].populations
            several = {"populations": submodels.Populations} if len(populations) > 1 else {}
            cracks = self.options.of(domain, "cracking") != "none"
            cracking = {"cracking": submodels.Cracking} if cracks else {}
            disperses = self.options.of(domain, "positive interface dispersion") != "none"
            dispersed = {"double layer": submodels.DispersedDoubleLayer} if disperses else {}
            follows = self.options.of(domain, "negative hysteresis") != "none"
            hysteresis = {"hysteresis": submodels.Hysteresis} if follows else {}
            for name, submodel in {
                "particle": particle,
                "network": submodels.Network,
                "contact": submodels.ContactArea,
                "isolation": submodels.Isolation,
                "diffusion constriction": submodels.DiffusionConstriction,
                **cracking,
                "interphase": submodels.Interphase,
                "carbon interphase": submodels.CarbonInterphase,
                "space charge": submodels.SpaceCharge,
                "kinetics": submodels.Kinetics,
                **several,
                **dispersed,
                **hysteresis,
                "reaction": reaction,
            }.items():
                arguments = (self.param, self.options, domain, self.resolved)
                if name not in self.of_a_population:
                    self.submodels[f"{domain} {name}"] = submodel(*arguments)
                    continue
                for population in populations:
                    key = " ".join(part for part in (domain, population.phase, name) if part)
                    self.submodels[key] = submodel(*arguments, population)
        if self.options["negative"] == "foil":
            dispersed = self.options["negative interface dispersion"] == "distributed"
            foil = submodels.DispersedFoil if dispersed else submodels.FoilElectrode
            self.submodels["negative foil"] = foil(self.param, self.options)
            for option, name in (
                ("negative interphase", "NegativeInterphase"),
                ("negative voids", "Voids"),
                ("negative fracture", "LithiumIntrusion"),
                ("negative lithium", "LithiumReservoir"),
            ):
                if self.options[option] != OPTIONS[option].default:
                    self.submodels[option] = getattr(submodels, name)(self.param, self.options)
        self.submodels["thermal"] = submodels.Temperature(self.param, self.options)
        self.submodels["electronic leakage"] = submodels.ElectronicLeakage(self.param, self.options)
        self.submodels["contact constriction"] = submodels.ContactConstriction(self.param, self.options)
        self.submodels["series resistance"] = submodels.SeriesResistance(self.param, self.options)
        self.submodels["stack pressure"] = submodels.StackPressure(self.param, self.options)
        self.submodels["pressure slope"] = submodels.PressureSlope(self.param, self.options, "pressure slope")
        self.submodels["lithium inventory"] = submodels.LithiumInventory(
            self.param, self.options, self.resolved
        )

    def build_coupled_variables(self) -> None:
        """Variables of all submodels, then the voltage: an operating mode other than "current" asks for it."""
        super().build_coupled_variables()
        self._set_voltage()

    def _set_voltage(self) -> None:
        """Voltage of the cell and its breakdown."""
        v = self.variables
        i = v["Separator ionic current density [A.m-2]"]
        resistance = self.param.separator_resistance
        separator = -i * resistance
        v["Separator overpotential [V]"] = separator
        voltage = v["Positive electrode potential [V]"] - v["Negative electrode potential [V]"] + separator
        if self.options["contact constriction"] != "none":
            voltage = voltage + v["Contact constriction overpotential [V]"]
        if self.options["contact resistance"] == "true":
            voltage = voltage + v["Contact resistance overpotential [V]"]
        v["Voltage expression [V]"] = voltage
        # The explicit modes take the current from a voltage that is a state; PyBaMM equates the two.
        if self.options["voltage as a state"] == "false":
            v["Voltage [V]"] = voltage
        v["Separator resistance [Ohm.m2]"] = resistance
        v["Separator relaxation time [s]"] = resistance * self.param.scalar(
            "Separator grain capacitance [F.m-2]"
        )
        v["Separator dispersion exponent"] = self.param.scalar("Separator dispersion exponent")
        v.update(_compat.normalise_voltage_aliases(v))
        self._set_breakdown()

    def set_voltage_variables(self) -> None:
        """Voltage events."""
        voltage, param = self.variables["Voltage [V]"], self.param
        self.events += [
            pybamm.Event("Minimum voltage [V]", voltage - param.voltage_low_cut),
            pybamm.Event("Maximum voltage [V]", param.voltage_high_cut - voltage),
        ]

    def _set_breakdown(self) -> None:
        """Contributions that sum to voltage minus open-circuit voltage, signed as they act on it."""
        v = self.variables
        surface, bulk = {}, {}
        for domain in ("negative", "positive"):
            mean = "" if domain == "negative" and self.options["negative"] == "foil" else "X-averaged "
            prefix = f"{mean}{domain} electrode" if mean else "Negative electrode"
            surface[domain] = v[f"{prefix} open-circuit potential [V]"]
            bulk[domain] = v[f"{prefix} bulk open-circuit potential [V]"]
        v["Open-circuit voltage [V]"] = bulk["positive"] - bulk["negative"]
        v["Diffusion overpotential [V]"] = (surface["positive"] - surface["negative"]) - (
            bulk["positive"] - bulk["negative"]
        )
        p = "Positive electrode"
        v["Charge-transfer overpotential [V]"] = v[f"{p} mean reaction overpotential [V]"]
        v["Interface film overpotential [V]"] = v[f"{p} mean film overpotential [V]"]
        v["Space-charge overpotential [V]"] = v[f"{p} mean space-charge overpotential [V]"]
        v["Ionic network overpotential [V]"] = (
            v[f"{p} ionic network overpotential [V]"] + v[f"{p} reaction-distribution overpotential [V]"]
        )
        v["Electronic network overpotential [V]"] = v[f"{p} electronic network overpotential [V]"]
        stripping = v.get("Negative electrode stripping overpotential [V]", pybamm.Scalar(0))
        v["Stripping overpotential [V]"] = -stripping
        v["Negative electrode overpotential [V]"] = -(
            v["Negative electrode potential [V]"] - surface["negative"] - stripping
        )

    #: Variables that sum to "Voltage [V]" minus "Open-circuit voltage [V]".
    overpotentials: ClassVar[tuple[str, ...]] = (
        "Diffusion overpotential [V]",
        "Charge-transfer overpotential [V]",
        "Interface film overpotential [V]",
        "Space-charge overpotential [V]",
        "Ionic network overpotential [V]",
        "Electronic network overpotential [V]",
        "Separator overpotential [V]",
        "Contact constriction overpotential [V]",
        "Contact resistance overpotential [V]",
        "Stripping overpotential [V]",
        "Negative electrode overpotential [V]",
    )

    def set_summary_variables(self) -> None:
        """What is reported once a cycle."""
        self.summary_variables = [
            "Capacity [A.h]",
            "Stack pressure [MPa]",
            "X-averaged positive electrode contact fraction",
            "X-averaged positive electrode isolated fraction",
            "X-averaged positive electrode interphase thickness [m]",
            "Lithium in isolated particles [mol]",
            "Lithium released by solid electrolyte [mol]",
            "Throughput capacity [A.h]",
        ]
        if self.options["negative voids"] != "none":
            self.summary_variables.append("Negative electrode contact fraction")

    @property
    def default_parameter_values(self) -> pybamm.ParameterValues:
        """Cell of the embedded measured cycle, or the LTO cell for a composite negative electrode.

        With two populations the 8:2 blend of the latter, or two sizes of NCM811 (assumed 60:40).
        """
        from assb import parameters

        if self.options["positive populations"] == "two":
            if self.options["negative"] == "composite":
                return parameters.get("Oh2026_LTO", blend=0.8, populations="two")
            sizes = parameters.Blend(("NCM811", "NCM811"), (60, 40), (5e-6, 1.5e-6))
            return parameters.build(sizes)
        return parameters.get(
            "Oh2026_LTO" if self.options["negative"] == "composite" else "NCM811_LPSCl_InLi"
        )

    @property
    def default_geometry(self) -> pybamm.Geometry:
        """Dimensionless domains: radius and thickness are parameters, not mesh sizes."""
        unit = {"min": pybamm.Scalar(0), "max": pybamm.Scalar(1)}
        geometry: dict[str, dict] = {"current collector": {"z": {"position": 1}}}
        for domain in self.composites:
            for population in self.param.domain_params[domain].populations:
                suffix = {"": "", "primary": "_prim", "secondary": "_sec"}[population.phase]
                geometry[population.particle] = {f"r_{domain[0]}{suffix}": dict(unit)}
            if self.resolved:
                geometry[f"{domain} electrode"] = {f"x_{domain[0]}": dict(unit)}
        return pybamm.Geometry(geometry)

    @property
    def default_var_pts(self) -> dict[str, int]:
        """Mesh points: 20 through a particle and 20 through an electrode."""
        points = {"x_n": 20, "x_p": 20, "r_n": 20, "r_p": 20}
        if len(self.param.p.populations) > 1:
            points |= {"r_p_prim": 20, "r_p_sec": 20}
        return points

    @property
    def _spatial_domains(self) -> list[str]:
        names = ["negative electrode", "negative particle", "positive electrode", "positive particle"]
        return names + [k.particle for k in self.param.p.populations if k.phase]

    @property
    def default_submesh_types(self) -> dict:
        """Uniform finite volumes."""
        names = self._spatial_domains
        return {**dict.fromkeys(names, pybamm.Uniform1DSubMesh), "current collector": pybamm.SubMesh0D}

    @property
    def default_spatial_methods(self) -> dict:
        """Finite volumes."""
        names = self._spatial_domains
        return {
            **{name: pybamm.FiniteVolume() for name in names},
            "macroscale": pybamm.FiniteVolume(),
            "current collector": pybamm.ZeroDimensionalSpatialMethod(),
        }

    @property
    def default_solver(self) -> pybamm.BaseSolver:
        """IDAKLU."""
        return pybamm.IDAKLUSolver()

    @property
    def default_quick_plot_variables(self) -> list:
        """Voltage, current, pressure, contact, and the state of the positive electrode."""
        return [
            "Voltage [V]",
            "Current [A]",
            "Stack pressure [MPa]",
            "X-averaged positive electrode contact fraction",
            [
                "X-averaged positive electrode stoichiometry",
                "X-averaged positive electrode surface stoichiometry",
            ],
            *(f"{population.Particle} stoichiometry" for population in self.param.p.populations),
        ]
