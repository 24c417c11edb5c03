"""CONFIG.toml: what is calibrated to what, checked before anything runs."""

from __future__ import annotations

import tomllib
from functools import partial
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field, PositiveInt, ValidationError, field_validator, model_validator

from assb.fitting.schema import DataConfig, DiscrepancyConfig, ParameterConfig, Strict
from assb.fitting.schema_cell import BuildConfig, CellConfig, ImpedanceModelConfig
from assb.fitting.schema_noise import TABLES, NoiseConfig

if TYPE_CHECKING:
    import pybamm

    from assb.fitting.layout import Rule
    from assb.fitting.noise import Noise
    from assb.fitting.posed import Data
    from assb.fitting.problem import Problem

#: Configuration of the main job.
DEFAULT = "nmc811_inli_cycle.toml"


class ConfigError(ValueError):
    """A configuration that cannot run; the message names the key, the value and the remedy."""


class CalibrationConfig(Strict):
    """How the best point is searched."""

    starts: PositiveInt = 8
    backend: Literal["auto", "compiled", "IDAKLU"] = "auto"
    threads: PositiveInt | None = None
    profiles: list[str] = Field(default_factory=list)


class SamplingConfig(Strict):
    """How the posterior is sampled."""

    enabled: bool = True
    walkers: Annotated[int, Field(ge=4)] = 32
    max_steps: PositiveInt = 40_000
    thin: PositiveInt = 5


class Config(Strict):
    """Whole configuration."""

    title: str = "Calibration"
    seed: Annotated[int, Field(ge=0)] = 0
    model: ImpedanceModelConfig = Field(default_factory=ImpedanceModelConfig)
    cell: CellConfig
    data: Annotated[list[DataConfig], Field(min_length=1)]
    parameters: list[ParameterConfig] = Field(default_factory=list)
    noise: NoiseConfig = Field(default_factory=NoiseConfig)
    discrepancy: DiscrepancyConfig | None = None
    calibration: CalibrationConfig = Field(default_factory=CalibrationConfig)
    sampling: SamplingConfig = Field(default_factory=SamplingConfig)

    @field_validator("data", mode="before")
    @classmethod
    def _one_or_several(cls, data):
        return [data] if isinstance(data, dict) else data

    @model_validator(mode="after")
    def _unique(self):
        names = [parameter.name for parameter in self.parameters]
        repeated = [name for name in names if names.count(name) > 1]
        if repeated:
            raise ValueError(f"parameter {repeated[0]!r} is listed twice: keep one")
        if not names and not (self.discrepancy and self.discrepancy.open_circuit_terms):
            raise ValueError("[[parameters]] is missing: name at least one parameter to calibrate")
        given = [entry.name for entry in self.data if entry.name]
        again = [name for name in given if given.count(name) > 1]
        if again:
            raise ValueError(f"data: the name {again[0]!r} repeats: give each data set a name of its own")
        cells = {entry.cell for entry in self.data}
        for parameter in self.parameters:
            if parameter.scope in ("per cell", "pooled") and cells == {""} and len(self.data) > 1:
                raise ValueError(
                    f"parameter {parameter.name!r} has scope {parameter.scope!r}, but no data set names its cell:"
                    ' add cell = "..." to each [[data]]'
                )
        if self.discrepancy and self.discrepancy.cell_spread and cells == {""} and len(self.data) > 1:
            raise ValueError(
                'discrepancy: cell_spread = true, but no data set names its cell: add cell = "..." to each [[data]]'
            )
        for name in self.calibration.profiles:
            if name not in names:
                raise ValueError(
                    f"calibration.profiles: {name!r} is not calibrated: use names of [[parameters]]"
                )
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
        raise ConfigError(first_error(error, name, content)) from None


def _places(loc: tuple[int | str, ...], content: dict[str, Any]) -> list[str]:
    """Keys of an error as they stand in the file: tables of a list by their name, a single [data] as such."""
    parts, here = [], content
    for part in loc:
        if isinstance(part, int) and isinstance(here, dict) and here:
            continue
        if isinstance(part, int):
            here = here[part] if isinstance(here, list) and part < len(here) else {}
            label = here.get("name") if isinstance(here, dict) else None
            parts.append(repr(label) if label else str(part))
            continue
        here = here.get(part, {}) if isinstance(here, dict) else {}
        parts.append(part)
    return parts


def first_error(error: ValidationError, name: str, content: dict[str, Any] | None = None) -> str:
    """First error of a table in one line that names the key, the value and the remedy."""
    first = error.errors()[0]
    where = ".".join(_places(first["loc"], content or {})) or "top level"
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


def make_noise(config: Config, data: list[Data]) -> dict[str, Noise]:
    """Noise by kind, and of the data sets that have one of their own.

    Raises
    ------
    ConfigError
        For a key that this kind of data does not have.
    """
    from assb.fitting.spectrum import Spectrum
    from assb.fitting.table import Table

    found = config.noise.by_kind()
    for entry, each in zip(config.data, data, strict=True):
        if entry.noise:
            kind = (
                "spectrum" if isinstance(each, Spectrum) else "table" if isinstance(each, Table) else "series"
            )
            try:
                table = TABLES[kind].model_validate(entry.noise)
            except ValidationError as error:
                where = f"data {each.name!r}, noise"
                raise ConfigError(first_error(error, where, entry.noise)) from None
            found[each.name] = table.to_noise(each.name)
    return found


def make_problem(config: Config, folder: Path) -> Problem:
    """Calibration problem of a configuration.

    Raises
    ------
    ConfigError, DataError, ProblemError
        Naming the key, the value and the remedy.
    """
    from assb.fitting.data_files import read_entry
    from assb.fitting.problem import Problem
    from assb.fitting.spectrum import Spectrum
    from assb.fitting.table_model import table_of_frame

    values, model = make_parameter_values(config), make_model(config)
    data = [
        read_entry(entry, folder, partial(table_of_frame, model=model, parameter_values=values))
        for entry in config.data
    ]
    names = [each.name for each in data]
    repeated = [name for name in names if names.count(name) > 1]
    if repeated:
        raise ConfigError(f"data: the name {repeated[0]!r} repeats: give each [[data]] a name of its own")
    if any(isinstance(each, Spectrum) for each in data):
        _check_impedance(config, model)
    rules: dict[str, Rule] = {}
    for parameter in config.parameters:
        try:
            rules[parameter.name] = parameter.to_rule()
        except ValueError as error:
            raise ConfigError(f"parameters {parameter.name!r}: {error}") from None
    return Problem(
        model,
        values,
        data,
        rules,
        noise=make_noise(config, data),
        backend=config.calibration.backend,
        threads=config.calibration.threads,
        arcs=config.model.arcs,
        discrepancy=config.discrepancy.to_discrepancy() if config.discrepancy else None,
    )


def _check_impedance(config: Config, model: pybamm.BaseModel) -> None:
    from assb.models.arcs import select_arcs

    surface = model.options["surface form"]
    if surface != "differential":
        raise ConfigError(
            f'model.options: a spectrum needs double layers, but "surface form" is {surface!r}: set it to'
            ' "differential"'
        )
    try:
        select_arcs(config.model.arcs, model.variables)
    except ValueError as error:
        raise ConfigError(f"model.{error}") from None
