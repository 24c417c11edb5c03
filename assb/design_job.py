"""What ``assb design PLAN.toml`` does."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import numpy as np
from pydantic import Field, NonNegativeFloat, PositiveFloat, PositiveInt, ValidationError, model_validator

from assb import files
from assb.fitting.config import (
    CellConfig,
    ConfigError,
    ModelConfig,
    NoiseConfig,
    ParameterConfig,
    _first_error,
    _Strict,
    make_model,
    make_parameter_values,
)

if TYPE_CHECKING:
    from assb.fitting.dataset import Dataset
    from assb.fitting.plan import Plan
    from assb.fitting.spectrum import Spectrum

__all__ = ["PlanConfig", "run_design"]

HOUR = 3600.0
START = "Initial stoichiometry in positive electrode"
#: Keys that each kind of candidate needs, and those it may have besides the conditions.
KEYS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "cycle": (("rates", "share"), ("rest_h",)),
    "pulses": (("rates",), ("seconds", "rest_h")),
    "GITT": (("rates", "share", "count"), ("rest_h",)),
    "relaxation": (("rates", "share"), ("rest_h",)),
    "spectrum": (("frequencies_Hz",), ("duration_h",)),
}
CONDITIONS = ("kind", "stoichiometry_shifts", "pressures_MPa", "temperatures_C", "preparation_h")


class CandidateConfig(_Strict):
    """Measurements of one kind, at every rate, state of charge, pressure and temperature given."""

    kind: Literal["cycle", "pulses", "GITT", "relaxation", "spectrum"]
    rates: Annotated[list[PositiveFloat], Field(min_length=1)] | None = None
    share: PositiveFloat | None = None
    count: PositiveInt | None = None
    seconds: PositiveFloat | None = None
    rest_h: PositiveFloat | None = None
    frequencies_Hz: tuple[PositiveFloat, PositiveFloat, PositiveInt] | None = None
    duration_h: PositiveFloat | None = None
    stoichiometry_shifts: Annotated[list[float], Field(min_length=1)] = [0.0]
    pressures_MPa: list[NonNegativeFloat] = []
    temperatures_C: list[float] = []
    preparation_h: NonNegativeFloat = 0.0

    @model_validator(mode="after")
    def _complete(self):
        needed, allowed = KEYS[self.kind]
        for key in needed:
            if getattr(self, key) is None:
                raise ValueError(
                    f"a candidate of kind {self.kind!r} needs {' and '.join(needed)}: {key} is missing"
                )
        for key in self.model_fields_set:
            if key not in (*needed, *allowed, *CONDITIONS):
                raise ValueError(f"a candidate of kind {self.kind!r} has no {key}: remove it")
        return self


class GoalConfig(_Strict):
    """What the plan is for."""

    time_limit_h: PositiveFloat
    criterion: Literal["D", "A", "E"] = "D"
    parameters: list[str] | None = None


class PlanConfig(_Strict):
    """Whole configuration."""

    title: str = "Plan"
    model: ModelConfig = Field(default_factory=ModelConfig)
    cell: CellConfig = Field(default_factory=lambda: CellConfig(parameter_set="NCM811_LPSCl_InLi"))
    plan: GoalConfig
    parameters: Annotated[list[ParameterConfig], Field(min_length=1)]
    noise: NoiseConfig = Field(default_factory=NoiseConfig)
    candidates: Annotated[list[CandidateConfig], Field(min_length=1)]


def _read(path: Path) -> PlanConfig:
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror}): give an existing file") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path.name}: not valid TOML ({error}): fix that line") from None
    try:
        return PlanConfig.model_validate(content)
    except ValidationError as error:
        raise ConfigError(_first_error(error, path.name)) from None


def _bare(one: CandidateConfig, capacity: float, **about: Any) -> list[Dataset | Spectrum]:
    """Candidates at one state of charge, not yet at any condition."""
    from assb.fitting import candidates
    from assb.fitting.spectrum import Spectrum

    if one.kind == "spectrum":
        assert one.frequencies_Hz is not None
        low, high, count = one.frequencies_Hz
        duration = None if one.duration_h is None else HOUR * one.duration_h
        return [Spectrum.planned(np.geomspace(low, high, count), duration, "spectrum", **about)]
    rates, share = one.rates or [], one.share or 0.0
    if one.rest_h is not None:
        about["rest"] = HOUR * one.rest_h
    if one.kind == "pulses":
        if one.seconds is not None:
            about["seconds"] = one.seconds
        return [candidates.pulses(capacity, rates, **about)]
    if one.kind == "GITT":
        return [candidates.titration(capacity, rate, share, one.count or 0, **about) for rate in rates]
    make = candidates.constant_rate if one.kind == "cycle" else candidates.relaxation
    return [make(capacity, rate, share, **about) for rate in rates]


def make_candidates(config: PlanConfig, capacity: float) -> list[Dataset | Spectrum]:
    """Planned measurements of a configuration.

    Parameters
    ----------
    config : PlanConfig
    capacity : float
        Of the cell [A.h].
    """
    from assb.fitting.candidates import under

    found: list[Dataset | Spectrum] = []
    for one in config.candidates:
        for shift in one.stoichiometry_shifts:
            moved = {"shifts": {START: shift}} if shift else {}
            made = _bare(one, capacity, preparation=HOUR * one.preparation_h, **moved)
            conditions: dict[str, list[float]] = {}
            if one.pressures_MPa:
                conditions["Stack pressure [MPa]"] = one.pressures_MPa
            if one.temperatures_C:
                conditions["Ambient temperature [K]"] = [value + 273.15 for value in one.temperatures_C]
            if shift:
                made = [replace(each, name=f"{each.name}, stoichiometry {shift:+g}") for each in made]
            found += under(made, conditions) if conditions else made
    return found


def run_design(path: Path, out: Path) -> tuple[dict[str, Any], Plan]:
    """Plan the measurements of a file.

    Parameters
    ----------
    path : Path
        PLAN.toml.
    out : Path
        Folder for ``plan.json``, ``plan.csv`` (every candidate) and ``plan.png``.

    Returns
    -------
    content : dict
        What ``plan.json`` holds.
    plan : Plan

    Raises
    ------
    ConfigError
        Naming the key, the value and the remedy.
    """
    from assb.fitting.experiments import design
    from assb.fitting.problem import Problem
    from assb.plotting import plan_contributions

    config = _read(path)
    values = make_parameter_values(config)  # type: ignore[arg-type]
    if any(each.kind == "spectrum" for each in config.candidates):
        config.model.options.setdefault("surface form", "differential")
    every = make_candidates(config, float(values["Nominal cell capacity [A.h]"]))
    try:
        priors = {each.name: each.to_prior() for each in config.parameters}
        problem = Problem(make_model(config), values, every, priors, {"voltage": config.noise.to_noise()})  # type: ignore[arg-type]
        plan = design(
            problem,
            criterion=config.plan.criterion,
            time_limit=HOUR * config.plan.time_limit_h,
            parameters=config.plan.parameters,
        )
    except ValueError as error:
        raise ConfigError(f"{path.name}: {error}") from None
    content = {"title": config.title, **plan.to_dict()}
    files.prepare_folder(out)
    files.write_json(out / "plan.json", content)
    files.write_text(out / "plan.csv", plan.table(chosen=False).to_csv())
    files.write_atomic(out / "plan.png", lambda file: plan_contributions(plan).savefig(file, format="png"))
    return content, plan
