"""Files of a calibration: rows of the data, the content of ``estimate.json``, what is needed to run again."""

from __future__ import annotations

import shutil
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from assb import files
from assb.fitting.data_files import EMBEDDED
from assb.fitting.posterior import Posterior
from assb.fitting.scopes import scopes
from assb.report import ReportData

__all__ = ["estimate_content", "write_inputs", "write_rows"]


def write_rows(path: Path, data: ReportData) -> None:
    """Write measured and simulated rows: the first time series, and of several data sets each in a group."""
    data.fit.to_netcdf(path, engine="h5netcdf")
    if data.detailed:
        for each in data.datasets:
            each.fit.to_netcdf(path, mode="a", group=each.name.replace("/", "_"), engine="h5netcdf")


def estimate_content(config, problem, estimate, posterior, data, laps) -> dict[str, Any]:
    """Content of ``estimate.json``."""
    spread = posterior.sd() if posterior is not None else estimate.sd_
    owners = scopes(problem)
    parameters = {
        name: {
            "map": estimate.parameters_[name],
            "sd": spread.get(name),
            "unit": problem.units[name],
            "scope": owners[name],
            "prior": str(prior),
            "prior_source": prior.source,
            "bounds": [prior.lower, prior.upper],
            "distance_to_bound": prior.distance_to_bound(estimate.parameters_[name]),
            **_interval(posterior, name),
        }
        for name, prior in problem.all_priors.items()
    }
    metrics = {key: value for key, value in data.metrics.items() if key not in ("rmse_mV", "mae_mV")}
    return {
        "title": config.title,
        "rmse_mV": data.metrics["rmse_mV"],
        "mae_mV": data.metrics["mae_mV"],
        **metrics,
        "model_parameters": len(problem.names),
        "parameters": parameters,
        "data": {each.name: each.metrics for each in data.datasets},
        "identifiability": data.identifiability,
        "sampling": posterior.sampling_ if posterior is not None else None,
        "calibration": {
            "status": estimate.status_,
            "log_posterior": estimate.log_posterior_,
            "starts": estimate.starts_,
            "backend": problem.backend,
            "evaluations": estimate.evaluations,
            "n_failed": estimate.failures,
        },
        "summary": data.summary,
        "timing_s": laps,
        "data_sha256": data.data_sha256,
        "versions": data.versions,
        "seed": config.seed,
    }


def _interval(posterior: Posterior | None, name: str) -> dict[str, float]:
    if posterior is None:
        return {}
    low, middle, high = np.quantile(posterior.dataset_[name].values, (0.05, 0.5, 0.95))
    return {"q05": float(low), "q50": float(middle), "q95": float(high)}


def write_inputs(out: Path, config, text: str, folder: Path) -> None:
    """Keep what is needed to run again: the configuration, and the data beside it."""
    taken: dict[str, Path] = {}
    for k, entry in enumerate(config.data):
        if entry.file.startswith(EMBEDDED):
            continue
        source = (Path(entry.file) if Path(entry.file).is_absolute() else folder / entry.file).resolve()
        # Files of one name from several folders keep it, in folders of their own: data sets are named by it.
        kept = source.name if taken.get(source.name, source) == source else f"data_{k + 1}/{source.name}"
        taken.setdefault(kept, source)
        target = out / kept
        if source != target.resolve():
            target.parent.mkdir(parents=True, exist_ok=True)
            files.write_atomic(target, partial(shutil.copyfile, source))
        text = text.replace(f'"{entry.file}"', f'"{kept}"')
    files.write_text(out / "config.toml", text)
