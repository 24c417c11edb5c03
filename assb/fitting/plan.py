"""A plan of measurements: what is made, how long it takes, and what each part buys."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import xarray as xr

from assb.fitting.dataset import Dataset
from assb.fitting.problem import Problem
from assb.fitting.spectrum import Spectrum

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Plan", "make_plan"]


@dataclass
class Plan:
    """Result of :func:`assb.fitting.design`.

    Attributes
    ----------
    chosen_ : list of str
        Names of the measurements to make, those that help most per time first.
    data_ : list of Dataset or Spectrum
        The same, planned: the data of a :class:`Problem`, and of :func:`synthesise`. Empty in a plan that was
        loaded.
    duration_ : float
        Of all of them, preparation included [s].
    parameters_ : list of str
        Unknowns that mattered.
    sd_before_, sd_after_ : dict
        Unknown -> standard deviation in its unit, without and with the plan; all unknowns.
    covariance_ : ndarray, shape (n, n)
        Of the unknowns that mattered after the plan, in their units, marginal over the others.
    score_before_, score_after_ : float
        Logarithm of the mean standard deviation that the criterion makes small, in prior standard deviations.
    contributions_ : xarray.Dataset
        For each candidate: "duration" [s], "chosen", "order", "gain alone" (fall of the score by this measurement
        only) and "gain" (by it beside the chosen others). For each candidate and parameter that mattered: "sd
        alone"; "sd in order", with this and the chosen ones before it; "sd without" and "sd with" it beside the
        chosen others.
    left_out_ : dict
        Candidates that cannot be made -> why.
    """

    criterion: str
    time_limit: float | None
    chosen_: list[str]
    duration_: float
    parameters_: list[str]
    sd_before_: dict[str, float]
    sd_after_: dict[str, float]
    covariance_: np.ndarray
    score_before_: float
    score_after_: float
    contributions_: xr.Dataset
    left_out_: dict[str, str]
    units: dict[str, str] = field(default_factory=dict)
    data_: list[Dataset | Spectrum] = field(default_factory=list, compare=False)

    def table(self, chosen: bool = True) -> pd.DataFrame:
        """One row for each measurement: its hours, its gain, and what is left open of each parameter.

        Parameters
        ----------
        chosen : bool
            The measurements of the plan only, in their order; else all candidates by gain alone per hour.

        Returns
        -------
        pandas.DataFrame
            "hours"; "gain alone [%]" and "gain [%]", by which the measurement narrows the mean standard deviation
            alone and beside the rest of the plan; the standard deviation of each parameter in its unit, after
            this measurement and those above it, or after it alone where all candidates are listed.
        """
        import pandas as pd

        c = self.contributions_
        columns = {
            "hours": c["duration"].values / 3600,
            "gain alone [%]": -100 * np.expm1(-c["gain alone"].values),
            "gain [%]": -100 * np.expm1(-c["gain"].values),
        }
        left = c["sd in order" if chosen else "sd alone"].values
        columns |= {f"sd of {name}": left[:, k] for k, name in enumerate(self.parameters_)}
        frame = pd.DataFrame(columns, index=pd.Index(c["candidate"].values, name="measurement"))
        if chosen:
            return frame.loc[self.chosen_]
        return frame.iloc[np.argsort(-c["gain alone"].values / np.maximum(c["duration"].values, 1.0))]

    def to_dict(self) -> dict[str, Any]:
        """Plain numbers, lists and text."""
        c = self.contributions_
        return {
            "criterion": self.criterion,
            "time_limit_s": self.time_limit,
            "chosen": self.chosen_,
            "duration_s": self.duration_,
            "parameters": self.parameters_,
            "sd_before": self.sd_before_,
            "sd_after": self.sd_after_,
            "covariance": self.covariance_.tolist(),
            "score_before": self.score_before_,
            "score_after": self.score_after_,
            "candidates": c["candidate"].values.tolist(),
            "contributions": {
                str(name): {"dims": list(c[name].dims), "values": c[name].values.tolist()} for name in c
            },
            "left_out": self.left_out_,
            "units": self.units,
            "measurements": [_described(each) for each in self.data_],
        }

    def save(self, path: str | Path) -> None:
        """Write as JSON, atomically."""
        from assb.files import write_json

        write_json(path, self.to_dict())

    @classmethod
    def load(cls, path: str | Path) -> Plan:
        """Read what :meth:`save` wrote; the planned data sets are not part of it."""
        d = json.loads(Path(path).read_text(encoding="utf-8"))
        contributions = xr.Dataset(
            {name: (each["dims"], each["values"]) for name, each in d["contributions"].items()},
            coords={"candidate": d["candidates"], "parameter": d["parameters"]},
        )
        return cls(
            d["criterion"],
            d["time_limit_s"],
            d["chosen"],
            d["duration_s"],
            d["parameters"],
            d["sd_before"],
            d["sd_after"],
            np.array(d["covariance"]),
            d["score_before"],
            d["score_after"],
            contributions,
            d["left_out"],
            d["units"],
        )

    def __repr__(self) -> str:
        limit = "" if self.time_limit is None else f" of {self.time_limit / 3600:.3g} h"
        factor = math.exp(self.score_before_ - self.score_after_)
        lines = [
            f"Plan ({self.criterion}-optimal; {self.duration_ / 3600:.3g} h{limit}; mean standard deviation"
            f" {factor:.3g} times smaller):"
        ]
        before = np.array([self.sd_before_[name] for name in self.parameters_])
        for name, row in self.table().iterrows():
            after = row.to_numpy()[3:]
            share = 100 * (1 - after / before)
            first = np.argsort(-share)[:2]
            buys = ", ".join(f"{self.parameters_[k].split(' [')[0]} -{share[k]:.0f} %" for k in first)
            lines.append(f"  {row['hours']:6.2f} h  {name}  ({buys})")
            before = after
        lines.append("  standard deviations before -> after:")
        for name in self.parameters_:
            lines.append(f"    {name}: {self.sd_before_[name]:.3g} -> {self.sd_after_[name]:.3g}")
        if self.left_out_:
            lines.append(f"  left out: {len(self.left_out_)} (see left_out_)")
        return "\n".join(lines)


def _described(data: Dataset | Spectrum) -> dict[str, Any]:
    about: dict[str, Any] = {
        "name": data.name,
        "kind": "spectrum" if isinstance(data, Spectrum) else "series",
        "duration_s": data.duration,
        "preparation_s": data.preparation,
        "settings": dict(data.settings),
        "shifts": dict(data.shifts),
    }
    if isinstance(data, Spectrum):
        about["frequency_Hz"] = data.frequency.tolist()
    else:
        about["steps"] = [{"duration_s": d, "current_A": i} for d, i in data.steps]
        about["time_s"] = data.time.tolist()
    return about


def make_plan(
    problem: Problem,
    z: np.ndarray,
    base: np.ndarray,
    information: np.ndarray,
    data: Sequence[Dataset | Spectrum],
    chosen: Sequence[int],
    score: Callable[[np.ndarray], np.ndarray],
    columns: Sequence[int],
    *,
    criterion: str,
    time_limit: float | None,
    left_out: dict[str, str],
) -> Plan:
    """Say what the chosen ones of `data` do to the posterior about `z`; arguments as in :func:`design`."""
    block = np.ix_(columns, columns)
    scale = np.array([prior.slope(z[k]) for k, prior in enumerate(problem.priors.values())], dtype=float)
    names = [problem.names[k] for k in columns]

    def scored(covariances: np.ndarray) -> np.ndarray:
        across, down = block
        return score(covariances[..., across, down])

    def sd(covariance: np.ndarray) -> np.ndarray:
        return np.sqrt(np.diagonal(covariance, axis1=-2, axis2=-1)) * scale

    before = np.linalg.inv(base)
    precision = base + information[list(chosen)].sum(axis=0)
    after = np.linalg.inv(precision)
    alone = np.linalg.inv(base + information)
    taken = np.isin(np.arange(len(data)), chosen)
    without = np.linalg.inv(precision - taken[:, None, None] * information)
    with_ = np.linalg.inv(precision + ~taken[:, None, None] * information)
    order = np.full(len(data), -1)
    order[list(chosen)] = np.arange(len(chosen))
    running = precision + information  # of those not chosen, beside the plan
    running[list(chosen)] = base + np.cumsum(information[list(chosen)], axis=0)
    both = ("candidate", "parameter")
    contributions = xr.Dataset(
        {
            "duration": ("candidate", np.array([each.duration for each in data], dtype=float)),
            "chosen": ("candidate", taken),
            "order": ("candidate", order),
            "gain alone": ("candidate", scored(before) - scored(alone)),
            "gain": ("candidate", scored(without) - scored(with_)),
            "sd alone": (both, sd(alone)[:, columns]),
            "sd in order": (both, sd(np.linalg.inv(running))[:, columns]),
            "sd without": (both, sd(without)[:, columns]),
            "sd with": (both, sd(with_)[:, columns]),
        },
        coords={"candidate": [each.name for each in data], "parameter": names},
    )
    contributions["duration"].attrs["units"] = "s"
    return Plan(
        criterion=criterion,
        time_limit=time_limit,
        chosen_=[data[k].name for k in chosen],
        duration_=float(sum(data[k].duration for k in chosen)),
        parameters_=names,
        sd_before_=dict(zip(problem.names, sd(before).tolist(), strict=True)),
        sd_after_=dict(zip(problem.names, sd(after).tolist(), strict=True)),
        covariance_=(after * np.outer(scale, scale))[block],
        score_before_=float(scored(before)),
        score_after_=float(scored(after)),
        contributions_=contributions,
        left_out_=left_out,
        units={name: unit for name, unit in problem.units.items() if name in problem.names},
        data_=[data[k] for k in chosen],
    )
