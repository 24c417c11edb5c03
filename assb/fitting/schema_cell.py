"""Tables of CONFIG.toml that say which model and which cell."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, PositiveFloat, model_validator

from assb.fitting.schema import Strict


class ModelConfig(Strict):
    """Which model, with which options."""

    name: Literal["SPM", "DFN"] = "SPM"
    options: dict[str, str] = Field(default_factory=dict)


class ImpedanceModelConfig(ModelConfig):
    """The same, with the constant-phase elements of its impedance."""

    arcs: str | list[str] = Field(default_factory=list)


class BuildConfig(Strict):
    """A cell from materials, a recipe and a geometry; see :func:`assb.parameters.build`."""

    positive: str = "NCM811"
    electrolyte: str = "Li6PS5Cl"
    negative: str = "InLi"
    area_cm2: PositiveFloat = 0.785
    positive_thickness_um: PositiveFloat = 30.0
    separator_thickness_um: PositiveFloat = 600.0
    composition: dict[str, float] = Field(
        default_factory=lambda: {"active material": 70.0, "solid electrolyte": 27.0, "carbon": 3.0}
    )
    void_fraction: Annotated[float, Field(ge=0, lt=1)] = 0.12
    particle_radius_um: PositiveFloat = 2.5
    nominal_capacity_mAh: PositiveFloat | None = None
    temperature_C: float = 25.0
    stack_pressure_MPa: Annotated[float, Field(ge=0)] = 50.0
    initial_stoichiometry: Annotated[float, Field(gt=0, lt=1)] = 0.9


class CellConfig(Strict):
    """A named parameter set or a built cell, with values on top."""

    parameter_set: str | None = None
    arguments: dict[str, Any] = Field(default_factory=dict)
    build: BuildConfig | None = None
    values: dict[str, float] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _one_of(self):
        if (self.parameter_set is None) == (self.build is None):
            raise ValueError("give either parameter_set or a [cell.build] table")
        return self
