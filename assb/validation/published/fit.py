"""Constants of a study: calibrated on some of its rows, frozen with where they come from."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np
import pybamm

from assb.files import write_json
from assb.fitting import LogNormal, Problem, Table, WhiteNoise, calibrate
from assb.validation.published.study import Study
from assb.validation.published.targets import Target

SEED = 7
#: Fits: a row is trusted to half its tolerance, times a factor that the rows decide.
SHARE = 0.5


@dataclass(frozen=True)
class Constants:
    """Calibrated constants of a study.

    Attributes
    ----------
    study : str
    names : tuple of str
    values : tuple of float
        In the units that the names say.
    coordinates : tuple of float
        The values in units of the priors, where the posterior is taken as normal.
    covariance : tuple of tuple of float
        In the coordinates.
    rows : tuple of str
        Ids that they were calibrated on.
    scatter : float
        Standard deviation of the rows about the model, in tolerances.
    status : str
    """

    study: str
    names: tuple[str, ...] = ()
    values: tuple[float, ...] = ()
    coordinates: tuple[float, ...] = ()
    covariance: tuple[tuple[float, ...], ...] = ()
    rows: tuple[str, ...] = ()
    scatter: float = SHARE
    status: str = "nothing to calibrate"

    def mapping(self) -> dict[str, float]:
        """Name -> value."""
        return dict(zip(self.names, self.values, strict=True))

    def spread(self, study: Study, id: str, scale) -> float:
        """Standard deviation of a figure through the posterior of the constants, on the scale of `scale`."""
        if not self.names:
            return 0.0
        centre, covariance = np.array(self.coordinates), np.array(self.covariance)
        root = np.linalg.cholesky(covariance + 1e-12 * np.eye(len(centre)))
        slopes = []
        for column in root.T:  # one standard deviation along each principal direction, both ways
            ends = [scale(study.value(id, self._at(study, centre + 0.5 * s * column))) for s in (1, -1)]
            slopes.append(ends[0] - ends[1])
        return float(np.linalg.norm(slopes))

    def _at(self, study: Study, coordinates: np.ndarray) -> dict[str, float]:
        return {
            name: float(study.constants[name].to_value(np.clip(z, *study.constants[name].bounds)))
            for name, z in zip(self.names, coordinates, strict=True)
        }


def calibrate_study(
    study: Study, rows: Sequence[Target], seed: int = SEED, starts: int = 4, few: bool = True
) -> Constants:
    """Calibrate the constants of a study on rows.

    Parameters
    ----------
    study : Study
    rows : sequence of Target
        Those marked "calibrate" that the study evaluates are used.
    seed, starts : int
        As of :func:`assb.fitting.calibrate`.
    few : bool
        Refuse more constants than a third of the rows; leaving samples out asks for more.

    Returns
    -------
    Constants

    Raises
    ------
    ValueError
        For more constants than a third of the rows that calibrate them.
    """
    used = [row for row in rows if row.scored and row.role == "calibrate" and study.find(row.id)]
    if not study.constants:
        return Constants(study.key, rows=tuple(row.id for row in used))
    if few and 3 * len(study.constants) > len(used):
        raise ValueError(
            f"study {study.key!r}: {len(study.constants)} constants for {len(used)} rows that calibrate them: use at"
            " most a third"
        )
    values = pybamm.ParameterValues({name: float(p.to_value(0.0)) for name, p in study.constants.items()})
    table = Table(
        np.array([_scaled(row, float(row.value or 0.0)) for row in used]),
        Predictor(study, used),
        SHARE,
        study.key,
    )
    noise = WhiteNoise(LogNormal(median=1.0, factor=1.5, source="tolerances are no standard deviations"))
    problem = Problem(None, values, [table], dict(study.constants), {"table": noise})
    estimate = calibrate(problem, seed=seed, starts=starts)
    n = len(problem.names)
    scatter = next(v for k, v in estimate.parameters_.items() if k not in problem.names) * SHARE
    return Constants(
        study.key,
        tuple(problem.names),
        tuple(float(estimate.parameters_[name]) for name in problem.names),
        tuple(float(z) for z in estimate.z_[:n]),
        tuple(tuple(map(float, row)) for row in estimate.identifiability_.covariance),
        tuple(row.id for row in used),
        float(scatter),
        estimate.status_,
    )


@dataclass(frozen=True)
class Predictor:
    """Figures of rows, each in its tolerances, from arrays of constants."""

    study: Study
    rows: Sequence[Target]

    def __call__(self, parameters: Mapping[str, Any]) -> np.ndarray:
        """Shape (sets, rows)."""
        arrays = {name: np.ravel(np.asarray(parameters[name], float)) for name in self.study.constants}
        sets = max(len(array) for array in arrays.values())
        return np.array(
            [
                [
                    _scaled(
                        row, self.study.value(row.id, {n: float(a[k % len(a)]) for n, a in arrays.items()})
                    )
                    for row in self.rows
                ]
                for k in range(sets)
            ]
        )


def _scaled(row: Target, value: float) -> float:
    assert row.tol is not None
    return row.tol.coordinate(value, float(row.value or 0.0))


def freeze(constants: Constants, folder: str | Path) -> Path:
    """Write constants as JSON, with the rows that they come from."""
    return write_json(Path(folder) / f"{constants.study}.json", asdict(constants))


def frozen(key: str) -> Constants:
    """The constants of a study that ship with the package; none where it has none."""
    file = files("assb.parameters").joinpath(f"data/studies/{key}.json")
    if not file.is_file():
        return Constants(key)
    found = json.loads(file.read_text("utf-8"))
    for name in ("names", "values", "coordinates", "rows"):
        found[name] = tuple(found[name])
    found["covariance"] = tuple(tuple(row) for row in found["covariance"])
    return Constants(**found)
