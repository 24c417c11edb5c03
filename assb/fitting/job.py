"""The calibration job: configuration in, a folder of results out."""

from __future__ import annotations

import datetime
import importlib.metadata
import platform
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from assb import files
from assb.fitting import config as configuration
from assb.fitting.estimate import Estimate, calibrate
from assb.fitting.identifiable import identifiability_of, rows_by_data
from assb.fitting.outcome import report_data
from assb.fitting.posterior import Posterior, sample
from assb.fitting.problem import Problem
from assb.fitting.profiles import Profile, profile
from assb.fitting.results_files import estimate_content, write_inputs, write_rows

#: Files of the contract, in the order in which they are written.
CONTRACT = ("config.toml", "data.nc", "estimate.json", "posterior.nc", "chain.h5", "report.html", "figures")
#: Model evaluations for the posterior-predictive band.
PREDICTIVE_DRAWS = 2000


def run_calibration(
    config_path: str | Path | None,
    out: str | Path,
    seed: int | None = None,
    sampling: bool | None = None,
    max_steps: int | None = None,
    progress: bool = True,
    say: Callable[[str], None] = lambda line: None,
) -> dict[str, Any]:
    """Calibrate, sample and write everything to a folder.

    Parameters
    ----------
    config_path : str or Path, optional
        TOML file; the embedded measured cycle without it.
    out : str or Path
        Folder for the results.
    seed, sampling, max_steps : optional
        Replace what the configuration says.
    progress : bool
        Show a progress bar while sampling.
    say : callable
        Called with a line of text at each stage.

    Returns
    -------
    dict
        Content of ``estimate.json``.

    Raises
    ------
    ConfigError, DataError, ProblemError, OutputError
        For bad input, before anything is written but the folder.
    Interrupted
        While sampling; the chain is kept and ``resume_sampling`` goes on.
    """
    config, text, folder = configuration.load_config(config_path)
    config = _overridden(config, seed, sampling, max_steps)
    clock = _Clock()
    problem = configuration.make_problem(config, folder)
    clock.lap("build")
    out = files.prepare_folder(out)
    say(repr(problem))
    estimate = calibrate(problem, seed=config.seed, starts=config.calibration.starts, progress=say)
    clock.lap("calibrate")
    say(repr(estimate))
    write_inputs(out, config, text, folder)
    estimate.save(out / "map.json")
    posterior = None
    if config.sampling.enabled:
        posterior = _sample(problem, estimate, config, out, resume=False, progress=progress)
        clock.lap("sample")
    return finish(out, config, text, problem, estimate, posterior, clock, say)


def check_calibration(config_path: str | Path | None, out: str | Path | None = None) -> dict[str, Any]:
    """Say before any fit what the data of a configuration can and cannot tell; nothing is fitted.

    Parameters
    ----------
    config_path : str or Path, optional
        TOML file; the embedded measured cycle without it.
    out : str or Path, optional
        Folder for ``check.json``; nothing is written without it.

    Returns
    -------
    dict
        "title", "parameters" (number of unknowns of the model), "rows", "data" (name -> kind and rows),
        "identifiability" (as in ``estimate.json``, at the start values) and "text".

    Raises
    ------
    ConfigError, DataError, ProblemError
        For bad input.
    ValueError
        When the start values cannot be simulated.
    """
    config, _, folder = configuration.load_config(config_path)
    problem = configuration.make_problem(config, folder)
    seen = identifiability_of(problem)
    rows = {name: len(index) for name, index in rows_by_data(problem).items()}
    content = {
        "title": config.title,
        "parameters": len(problem.names),
        "rows": problem.scored_rows,
        "data": {
            each.name: {"kind": type(each.data).__name__, "rows": rows[each.name]}
            for each in problem.observations
        },
        "identifiability": seen.to_dict(),
        "text": f"{problem!r}\n{seen!r}",
    }
    if out is not None:
        files.write_json(files.prepare_folder(out) / "check.json", content)
    return content


def resume_sampling(
    out: str | Path,
    max_steps: int | None = None,
    progress: bool = True,
    say: Callable[[str], None] = lambda line: None,
) -> dict[str, Any]:
    """Go on with the sampling of a folder and write its results again.

    Ends in the chain of a run that was not interrupted.

    Parameters
    ----------
    out : str or Path
        Folder of an earlier :func:`run_calibration`.
    max_steps, progress, say
        As in :func:`run_calibration`.

    Raises
    ------
    ConfigError
        When the folder holds no calibration.
    """
    out = Path(out)
    for name in ("config.toml", "map.json"):
        if not (out / name).exists():
            raise configuration.ConfigError(
                f"out = {out}: has no {name}: run 'assb calibrate --out {out}' before resuming it"
            )
    config, text, folder = configuration.load_config(out / "config.toml")
    config = _overridden(config, None, True, max_steps)
    clock = _Clock()
    problem = configuration.make_problem(config, folder)
    clock.lap("build")
    estimate = Estimate.load(out / "map.json")
    resume = (out / "chain.h5").exists()
    posterior = _sample(problem, estimate, config, out, resume, progress)
    clock.lap("sample")
    return finish(out, config, text, problem, estimate, posterior, clock, say)


def _overridden(config, seed, sampling, max_steps):
    changes: dict[str, Any] = {}
    if seed is not None:
        changes["seed"] = seed
    table = {}
    if sampling is not None:
        table["enabled"] = sampling
    if max_steps is not None:
        table["max_steps"] = max_steps
    if table:
        changes["sampling"] = config.sampling.model_copy(update=table)
    return config.model_copy(update=changes) if changes else config


def _sample(
    problem: Problem, estimate: Estimate, config, out: Path, resume: bool, progress: bool
) -> Posterior:
    settings = config.sampling
    return sample(
        problem,
        estimate,
        seed=config.seed,
        checkpoint=out / "chain.h5",
        walkers=settings.walkers,
        max_steps=settings.max_steps,
        thin=settings.thin,
        resume=resume,
        progress=progress,
    )


def finish(out, config, text, problem, estimate, posterior, clock, say) -> dict[str, Any]:
    """Write data, estimate, posterior, figures and report; return the content of estimate.json."""
    from assb.plotting import build_figures, profile_likelihood, save_figures
    from assb.report import write_report

    if posterior is not None:
        posterior.save(out / "posterior.nc")
        say(repr(posterior))
    data = report_data(
        config, text, problem, estimate, posterior, clock.laps, versions(), now(), draws=PREDICTIVE_DRAWS
    )
    clock.lap("evaluate")
    files.write_atomic(out / "data.nc", lambda path: write_rows(path, data))
    content = estimate_content(config, problem, estimate, posterior, data, clock.laps)
    files.write_json(out / "estimate.json", content)
    figures = build_figures(data)
    if config.calibration.profiles:
        found = _profiles(config, problem, estimate, say)
        clock.lap("profiles")
        content["profiles"] = {each.name: each.to_dict() for each in found}
        figures["profile_likelihood"] = profile_likelihood(found)
    save_figures(out / "figures", data, figures)
    write_report(out / "report.html", data, figures)
    clock.lap("report")
    content["timing_s"] = clock.laps
    files.write_json(out / "estimate.json", content)
    return content


def _profiles(config, problem: Problem, estimate: Estimate, say) -> list[Profile]:
    """Profiles of the parameters asked for; of one with several unknowns, of each."""
    found = []
    for asked in config.calibration.profiles:
        for name in problem.names:
            if problem.layout.base[name] == asked:
                found.append(profile(problem, estimate, name))
                say(repr(found[-1]))
    return found


class _Clock:
    """Seconds by stage."""

    def __init__(self) -> None:
        self.laps: dict[str, float] = {}
        self._last = time.perf_counter()

    def lap(self, name: str) -> None:
        now_ = time.perf_counter()
        self.laps[name] = self.laps.get(name, 0.0) + now_ - self._last
        self._last = now_


def now() -> str:
    """Date and time as people read it, UTC."""
    return datetime.datetime.now(datetime.UTC).strftime("%Y-%m-%d %H:%M UTC")


def versions() -> dict[str, str]:
    """Versions that the numbers depend on."""
    names = ("assb", "pybamm", "casadi", "numpy", "scipy", "emcee", "xarray")
    found = {}
    for name in names:
        try:
            found[name] = importlib.metadata.version(name)
        except importlib.metadata.PackageNotFoundError:
            found[name] = "not installed as a package"
    return {"python": platform.python_version(), **found}
