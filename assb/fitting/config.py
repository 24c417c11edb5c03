"""CONFIG.toml: what is calibrated to what, checked before anything runs."""

from __future__ import annotations

import tomllib
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    PositiveFloat,
    PositiveInt,
    ValidationError,
    model_validator,
)

if TYPE_CHECKING:
    import pybamm

    from assb.fitting.dataset import Dataset
    from assb.fitting.noise import CorrelatedNoise
    from assb.fitting.priors import Prior
    from assb.fitting.problem import Problem

#: Configuration of the main job.
DEFAULT = "nmc811_inli_cycle.toml"


class ConfigError(ValueError):
    """A configuration that cannot run; the message names the key, the value and the remedy."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class ModelConfig(_Strict):
    """Which model, with which options."""

    name: Literal["SPM", "DFN"] = "SPM"
    options: dict[str, str] = Field(default_factory=dict)


class BuildConfig(_Strict):
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


class CellConfig(_Strict):
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


class DataConfig(_Strict):
    """The measured record."""

    file: str
    columns: dict[str, str] = Field(default_factory=dict)
    steps: list[tuple[PositiveFloat, float]] = Field(default_factory=list)


class ParameterConfig(_Strict):
    """One calibrated parameter and its prior."""

    name: str
    prior: Literal["normal", "log-normal", "uniform"]
    mean: float | None = None
    sd: PositiveFloat | None = None
    median: PositiveFloat | None = None
    factor: Annotated[float, Field(gt=1)] | None = None
    lower: float | None = None
    upper: float | None = None
    source: str = ""

    @model_validator(mode="after")
    def _complete(self):
        needed = {"normal": ("mean", "sd"), "log-normal": ("median", "factor"), "uniform": ("lower", "upper")}
        allowed = {*needed[self.prior], "lower", "upper"}
        for key in needed[self.prior]:
            if getattr(self, key) is None:
                raise ValueError(
                    f"a {self.prior} prior needs {' and '.join(needed[self.prior])}: {key} is missing"
                )
        for key in ("mean", "sd", "median", "factor"):
            if getattr(self, key) is not None and key not in allowed:
                raise ValueError(f"a {self.prior} prior has no {key}: use {' and '.join(needed[self.prior])}")
        return self

    def to_prior(self) -> Prior:
        """Prior object."""
        from assb.fitting.priors import KINDS

        keys = ("mean", "sd", "median", "factor", "lower", "upper", "source")
        values = {key: getattr(self, key) for key in keys if getattr(self, key) is not None}
        return KINDS[self.prior](**values)


class NoiseConfig(_Strict):
    """Log-normal priors of the correlated and the white part of the residuals."""

    sd_median_mV: PositiveFloat = 5.0
    sd_factor: Annotated[float, Field(gt=1)] = 2.5
    correlation_time_median_s: PositiveFloat = 300.0
    correlation_time_factor: Annotated[float, Field(gt=1)] = 3.0
    white: bool = False
    white_sd_median_mV: PositiveFloat = 1.0
    white_sd_factor: Annotated[float, Field(gt=1)] = 3.0

    def to_noise(self) -> CorrelatedNoise:
        """Noise model."""
        from assb.fitting.noise import CorrelatedNoise
        from assb.fitting.priors import LogNormal

        white = LogNormal(
            median=1e-3 * self.white_sd_median_mV,
            factor=self.white_sd_factor,
            source="between 0.1 mV of resolution and the correlated part",
        )
        return CorrelatedNoise(
            sd=LogNormal(
                median=1e-3 * self.sd_median_mV,
                factor=self.sd_factor,
                source="a few mV of model error above 0.1 mV of instrument noise",
            ),
            correlation_time=LogNormal(
                median=self.correlation_time_median_s,
                factor=self.correlation_time_factor,
                source="minutes, between the sampling and the length of a step",
            ),
            white_sd=white if self.white else None,
        )


class CalibrationConfig(_Strict):
    """How the best point is searched."""

    starts: PositiveInt = 8
    backend: Literal["auto", "compiled", "IDAKLU"] = "auto"
    threads: PositiveInt | None = None


class SamplingConfig(_Strict):
    """How the posterior is sampled."""

    enabled: bool = True
    walkers: Annotated[int, Field(ge=4)] = 32
    max_steps: PositiveInt = 40_000
    thin: PositiveInt = 5


class Config(_Strict):
    """Whole configuration."""

    title: str = "Calibration"
    seed: Annotated[int, Field(ge=0)] = 0
    model: ModelConfig = Field(default_factory=ModelConfig)
    cell: CellConfig
    data: DataConfig
    parameters: Annotated[list[ParameterConfig], Field(min_length=1)]
    noise: NoiseConfig = Field(default_factory=NoiseConfig)
    calibration: CalibrationConfig = Field(default_factory=CalibrationConfig)
    sampling: SamplingConfig = Field(default_factory=SamplingConfig)

    @model_validator(mode="after")
    def _unique(self):
        names = [parameter.name for parameter in self.parameters]
        repeated = [name for name in names if names.count(name) > 1]
        if repeated:
            raise ValueError(f"parameter {repeated[0]!r} is listed twice: keep one")
        return self


def load_config(path: str | Path | None = None) -> tuple[Config, str, Path]:
    """Read and check a configuration.

    Parameters
    ----------
    path : str or Path, optional
        TOML file; the main job's configuration without it.

    Returns
    -------
    config : Config
    text : str
        The file as it is.
    folder : Path
        Folder that relative data paths count from.

    Raises
    ------
    ConfigError
        Naming the key, the value and the remedy.
    """
    if path is None:
        text = files("assb.fitting").joinpath("configs", DEFAULT).read_text(encoding="utf-8")
        folder, name = Path.cwd(), "built-in configuration"
    else:
        path = Path(path)
        try:
            text = path.read_text(encoding="utf-8")
        except OSError as error:
            raise ConfigError(
                f"{path}: cannot be read ({error.strerror}): give an existing file, or make one with 'assb init'"
            ) from None
        folder, name = path.resolve().parent, path.name
    try:
        content = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{name}: not valid TOML ({error}): fix that line") from None
    return parse_config(content, name), text, folder


def parse_config(content: dict[str, Any], name: str = "configuration") -> Config:
    """Check the content of a configuration; see :func:`load_config`."""
    try:
        return Config.model_validate(content)
    except ValidationError as error:
        raise ConfigError(_first_error(error, name)) from None


def _first_error(error: ValidationError, name: str) -> str:
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"]) or "top level"
    value = first.get("input")
    shown = "" if isinstance(value, dict) or value is None else f" = {value!r}"
    message = first["msg"].removeprefix("Value error, ")
    if first["type"] == "extra_forbidden":
        message = "is not a known key: check the spelling, or remove it"
    if first["type"] == "missing":
        message = "is missing: add it"
    more = len(error.errors()) - 1
    rest = f" (and {more} more)" if more else ""
    return f"{name}: {where}{shown}: {message}{rest}"


def make_model(config: Config) -> pybamm.BaseModel:
    """Model of a configuration.

    Raises
    ------
    ConfigError
        For an unknown option or value.
    """
    import pybamm

    from assb import models
    from assb.parameters.materials import COMPOSITE_NEGATIVES

    options: dict[str, Any] = dict(config.model.options)
    if config.cell.build is not None and config.cell.build.negative in COMPOSITE_NEGATIVES:
        options.setdefault("negative", "composite")
    if config.cell.parameter_set == "Oh2026_LTO":
        options.setdefault("negative", "composite")
    try:
        return getattr(models, config.model.name)(options)
    except pybamm.OptionError as error:
        raise ConfigError(f"model.options: {error}") from None


def make_parameter_values(config: Config) -> pybamm.ParameterValues:
    """Parameter values of a configuration.

    Raises
    ------
    ConfigError
        For an unknown set, material or parameter, or an impossible cell.
    """
    from assb import parameters

    cell = config.cell
    try:
        if cell.parameter_set is not None:
            values = parameters.get(cell.parameter_set, **cell.arguments)
        else:
            values = _built(cell.build)
    except (KeyError, TypeError, ValueError) as error:
        raise ConfigError(f"cell: {error.args[0] if error.args else error}") from None
    for name in cell.values:
        if name not in values.keys():
            raise ConfigError(f"cell.values: {name!r} is not a parameter: see 'assb list parameters'")
    values.update(cell.values)
    try:
        return parameters.check(values)
    except ValueError as error:
        raise ConfigError(f"cell.values: {error}") from None


def _built(build: BuildConfig | None) -> pybamm.ParameterValues:
    from assb import parameters

    assert build is not None
    return parameters.build(
        build.positive,
        build.electrolyte,
        build.negative,
        area=build.area_cm2 * 1e-4,
        positive_thickness=build.positive_thickness_um * 1e-6,
        separator_thickness=build.separator_thickness_um * 1e-6,
        composition=build.composition,
        void_fraction=build.void_fraction,
        particle_radius=build.particle_radius_um * 1e-6,
        nominal_capacity=None if build.nominal_capacity_mAh is None else build.nominal_capacity_mAh * 1e-3,
        temperature=build.temperature_C + 273.15,
        stack_pressure=build.stack_pressure_MPa,
        initial_stoichiometry=build.initial_stoichiometry,
    )


def make_dataset(config: Config, folder: Path) -> Dataset:
    """Data of a configuration; relative paths count from `folder`."""
    from assb.fitting.dataset import Dataset

    file = config.data.file
    if file.startswith("embedded:"):
        return Dataset.embedded(file.removeprefix("embedded:"))
    path = Path(file) if Path(file).is_absolute() else folder / file
    return Dataset.from_csv(path, config.data.columns or None, config.data.steps)


def make_problem(config: Config, folder: Path) -> Problem:
    """Calibration problem of a configuration."""
    from assb.fitting.problem import Problem

    data = make_dataset(config, folder)
    values = make_parameter_values(config)
    priors = {}
    for parameter in config.parameters:
        try:
            priors[parameter.name] = parameter.to_prior()
        except ValueError as error:
            raise ConfigError(f"parameters {parameter.name!r}: {error}") from None
    return Problem(
        make_model(config),
        values,
        [data],
        priors,
        noise=config.noise.to_noise(),
        backend=config.calibration.backend,
        threads=config.calibration.threads,
    )
