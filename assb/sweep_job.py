"""What ``assb sweep STUDY.toml`` does."""

from __future__ import annotations

import tomllib
import warnings
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, PositiveFloat, PositiveInt, ValidationError

from assb import files
from assb.fitting.config import ConfigError, first_error, make_model, make_parameter_values
from assb.fitting.schema import Strict
from assb.fitting.schema_cell import CellConfig, ModelConfig

__all__ = ["StudyConfig", "run_study"]


class ProtocolConfig(Strict):
    """Constant-current steps, (duration [s], current [A], positive on discharge), and output times [s]."""

    steps: Annotated[list[tuple[PositiveFloat, float]], Field(min_length=1)]
    output_times: list[float] | None = None


class DesignConfig(Strict):
    """Which points of the factor space are visited."""

    kind: Literal["factorial", "latin hypercube", "sobol"] = "factorial"
    n: PositiveInt | None = None


class StudyConfig(Strict):
    """Whole study."""

    title: str = "Sweep"
    seed: Annotated[int, Field(ge=0)] = 0
    model: ModelConfig = Field(default_factory=ModelConfig)
    cell: CellConfig = Field(default_factory=lambda: CellConfig(parameter_set="NCM811_LPSCl_InLi"))
    protocol: ProtocolConfig
    design: DesignConfig = Field(default_factory=DesignConfig)
    factors: Annotated[dict[str, list[float | str]], Field(min_length=1)]
    outputs: dict[str, str | list[str]] = {"Voltage [V]": "series"}


def _read(path: Path) -> StudyConfig:
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigError(f"{path}: cannot be read ({error.strerror}): give an existing file") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path.name}: not valid TOML ({error}): fix that line") from None
    try:
        return StudyConfig.model_validate(content)
    except ValidationError as error:
        raise ConfigError(first_error(error, path.name, content)) from None


def run_study(
    path: Path, out: Path, client: str | None = None, threads: int | None = None, progress: bool = True
) -> dict[str, Any]:
    """Run the sweep of a file; goes on where an interrupted call with the same folder stopped.

    Parameters
    ----------
    path : Path
        STUDY.toml.
    out : Path
        Folder for ``sweep.nc``, ``sweep.json`` and ``blocks/``, the finished part of the work.
    client : str, optional
        Address of a dask scheduler, or "local".
    threads : int, optional
        Local threads.
    progress : bool
        Bar on standard error.

    Returns
    -------
    dict
        Plain summary: sizes, failures by reason, range of each output.

    Raises
    ------
    ConfigError
        Naming the key, the value and the remedy.
    ImportError
        If a client is asked for and dask is not installed.
    """
    import xarray as xr

    from assb.models.compiled import Protocol
    from assb.sweeps import sweep

    config = _read(path)
    chosen: Any = config  # has the tables `model` and `cell` of a calibration
    model, values = make_model(chosen), make_parameter_values(chosen)
    files.prepare_folder(out)
    dataset = sweep(
        model,
        values,
        config.factors,
        Protocol.from_steps(config.protocol.steps, config.protocol.output_times),
        client,
        design=config.design.kind,
        n=config.design.n,
        seed=config.seed,
        outputs=config.outputs,
        checkpoint=out / "blocks",
        progress=progress,
        threads=threads,
    )
    dataset.attrs["title"] = config.title
    with warnings.catch_warnings():
        # NetCDF cannot mark a name with a space as a coordinate: of a sampled design the factors are
        # read back as variables of `sample`, which loses nothing.
        warnings.simplefilter("ignore", xr.SerializationWarning)
        files.write_atomic(out / "sweep.nc", lambda file: dataset.to_netcdf(file, engine="h5netcdf") and None)
    reasons = dataset["reason"].values.ravel()
    summary = {
        "title": config.title,
        "runs": int(reasons.size),
        "failures": int(dataset.attrs["failures"]),
        "reasons": {str(text): int((reasons == text).sum()) for text in sorted({*reasons} - {""})},
        "dims": {str(name): size for name, size in dataset.sizes.items()},
        "outputs": {
            str(name): {
                "unit": variable.attrs["units"],
                "min": float(variable.min()),
                "max": float(variable.max()),
            }
            for name, variable in dataset.drop_vars("reason").data_vars.items()
        },
        "seed": config.seed,
        "versions": dataset.attrs["versions"],
        "file": str(out / "sweep.nc"),
    }
    files.write_json(out / "sweep.json", summary)
    return files.plain(summary)
