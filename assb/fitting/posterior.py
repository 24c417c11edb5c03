"""Posterior by ensemble sampling: emcee with checkpoints and a stopping rule."""

from __future__ import annotations

import contextlib
import hashlib
import json
import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import emcee
import numpy as np
import xarray as xr

from assb.fitting import checkpoint as store
from assb.fitting.diagnostics import ESS, diagnose
from assb.fitting.estimate import Estimate
from assb.fitting.moves import ensemble_moves
from assb.fitting.pooled import Pool, pooled_log_posterior
from assb.fitting.problem import Problem

#: Stored steps between looks at the stopping rule: absolute, so that a resumed run decides alike.
CHECK_EVERY = 250
#: Seconds between checkpoints.
FLUSH_EVERY = 15.0
#: Draws kept in the saved posterior, over all walkers.
KEPT_DRAWS = 20_000


class Interrupted(KeyboardInterrupt):
    """Sampling was interrupted after the chain was saved."""


@dataclass
class Posterior:
    """Result of :func:`sample`.

    Attributes
    ----------
    dataset_ : xarray.Dataset
        One variable per parameter in its unit, dims (chain, draw): one chain per walker, burn-in removed.
        "log_posterior" rides along.
    sampling_ : dict
        ess_min, tau_max, steps_over_tau, rhat_max, acceptance, n_failed, status, steps, walkers, tau.
    names : list of str
        Parameters.
    """

    dataset_: xr.Dataset
    sampling_: dict[str, Any]
    names: list[str]

    def quantiles(self, levels: tuple[float, ...] = (0.05, 0.5, 0.95)) -> dict[str, list[float]]:
        """Posterior quantiles of each parameter."""
        return {name: np.quantile(self.dataset_[name].values, levels).tolist() for name in self.names}

    def sd(self) -> dict[str, float]:
        """Posterior standard deviation of each parameter."""
        return {name: float(self.dataset_[name].values.std(ddof=1)) for name in self.names}

    def values(self, rng: np.random.Generator, size: int) -> np.ndarray:
        """Random draws, shape (size, parameters)."""
        stacked = np.stack([self.dataset_[name].values.ravel() for name in self.names], axis=-1)
        return stacked[rng.choice(len(stacked), size=size, replace=len(stacked) < size)]

    def save(self, path: str | Path) -> None:
        """Write NetCDF, atomically."""
        from assb.files import write_atomic

        dataset = self.dataset_.assign_attrs(
            sampling=json.dumps(self.sampling_), names=json.dumps(self.names)
        )
        write_atomic(path, lambda temporary: dataset.to_netcdf(temporary, engine="h5netcdf"))

    @classmethod
    def load(cls, path: str | Path) -> Posterior:
        """Read what :meth:`save` wrote."""
        with xr.open_dataset(path, engine="h5netcdf") as stream:
            dataset = stream.load()
        sampling, names = (json.loads(dataset.attrs.pop(key)) for key in ("sampling", "names"))
        return cls(dataset, sampling, names)

    def to_inference_data(self) -> Any:
        """ArviZ container (optional extra "analysis")."""
        try:
            import arviz
        except ImportError:
            raise ImportError("ArviZ is not installed: pip install 'assb[analysis]'") from None
        return arviz.convert_to_inference_data(self.dataset_[self.names])

    def __repr__(self) -> str:
        s = self.sampling_
        lines = [
            f"Posterior ({s['status']}): {s['steps']} steps of {s['walkers']} walkers, tau {s['tau_max']:.0f},"
            f" smallest ESS {s['ess_min']:.0f}, R-hat {s['rhat_max']:.3f}"
        ]
        for name, (low, middle, high) in self.quantiles().items():
            lines.append(f"  {name} = {middle:.4g} [{low:.4g}, {high:.4g}]")
        return "\n".join(lines)


def sample(
    problem: Problem,
    start: Estimate,
    seed: int = 0,
    checkpoint: str | Path | None = None,
    walkers: int = 64,
    max_steps: int = 40_000,
    thin: int = 5,
    resume: bool = False,
    progress: bool = True,
    effective_samples: float = ESS,
    checkpoint_every: float = FLUSH_EVERY,
    pool: Pool | None = None,
) -> Posterior:
    """Sample the posterior from the neighbourhood of an estimate.

    Differential-evolution and snooker moves on the vectorised posterior. Done when the chain after burn-in
    is at least 50 autocorrelation times long, the smallest effective sample size is 400 and split R-hat is
    below 1.05; stopped at `max_steps` otherwise, and `status` says so.

    Parameters
    ----------
    problem : Problem
    start : Estimate
        Where the walkers start.
    seed : int
        Same seed, same posterior.
    checkpoint : str or Path, optional
        HDF5 file; the chain is saved there every `checkpoint_every` seconds, on an interrupt and at the end.
    walkers : int
        Even, at least twice the number of parameters.
    max_steps : int
        Most steps.
    thin : int
        Steps between stored ones.
    resume : bool
        Go on from `checkpoint`; ends in the chain of an uninterrupted run.
    progress : bool
        Show a progress bar.
    effective_samples : float
        Smallest effective sample size at which sampling may end; more for precise tails.
    checkpoint_every : float
        Seconds between checkpoints.
    pool : object with map, optional
        Evaluates the walkers in blocks: ``multiprocessing.Pool``, an executor of ``concurrent.futures``, a pool of
        MPI. Worth it for predictors in Python; compiled models have threads of their own. The chain is the same.

    Returns
    -------
    Posterior

    Raises
    ------
    ValueError
        For too few walkers or a checkpoint of another problem.
    Interrupted
        After Ctrl-C or SIGTERM, with the chain saved.

    References
    ----------
    D. Foreman-Mackey et al., PASP 2013, 125, 306, doi 10.1086/670067; C. J. F. ter Braak, J. A. Vrugt, Stat.
    Comput. 2008, 18, 435, doi 10.1007/s11222-008-9104-9 (moves).
    """
    dimensions = len(problem.all_names)
    if walkers < 2 * dimensions or walkers % 2:
        raise ValueError(f"walkers = {walkers}: use an even number of at least {2 * dimensions}")
    meta = _meta(problem, seed, walkers, thin)
    if resume:
        if checkpoint is None:
            raise ValueError("resume needs checkpoint: give the file to go on from")
        backend, found = store.read(checkpoint)
        if found["fingerprint"] != meta["fingerprint"]:
            raise store.CheckpointError(
                f"{checkpoint}: belongs to other data, priors, seed or sampler settings: use the configuration it"
                " was made with, or start again without --resume"
            )
        failed_before = int(found["n_failed"])
    else:
        backend, failed_before = emcee.backends.Backend(), 0
    runner = _Runner(
        problem, start, seed, checkpoint, walkers, max_steps, thin, backend, meta, failed_before, pool
    )
    runner.effective, runner.flush_every = effective_samples, checkpoint_every
    return runner.run(progress)


def _meta(problem: Problem, seed: int, walkers: int, thin: int) -> dict[str, Any]:
    content = {
        "priors": {
            name: [str(prior), prior.lower, prior.upper] for name, prior in problem.all_priors.items()
        },
        "data": [
            [each.name, each.sha256, dict(each.settings), dict(each.shifts), list(getattr(each, "steps", ()))]
            for each in problem.datasets
        ],
        "prior": [problem.knowledge.mean.tolist(), problem.knowledge.root.tolist()],
        "noise": [str(channel.noise.sizes) for _, channel in problem.channels()],
        "model": type(problem.model).__name__,
        "options": {str(k): str(v) for k, v in getattr(problem.model, "options", {}).items()},
        "seed": seed,
        "walkers": walkers,
        "thin": thin,
    }
    digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()
    return {"fingerprint": digest, "names": problem.all_names, "n_failed": 0}


class _Runner:
    """One sampling run: the loop between emcee, the checkpoint and the stopping rule."""

    def __init__(
        self, problem, start, seed, checkpoint, walkers, max_steps, thin, backend, meta, failed_before, pool
    ):
        self.problem, self.start, self.seed = problem, start, seed
        self.checkpoint, self.walkers, self.thin = checkpoint, walkers, thin
        self.max_stored = max(max_steps // thin, 1)
        self.backend, self.meta, self.failed_before = backend, meta, failed_before
        self.failures_at_start = problem.failures
        self.stop, self.effective, self.flush_every = False, float(ESS), FLUSH_EVERY
        self.log_posterior = pooled_log_posterior(problem, pool)
        self.sampler = emcee.EnsembleSampler(
            walkers,
            len(problem.all_names),
            self.log_posterior,
            vectorize=True,
            moves=ensemble_moves(),
            backend=backend,
        )

    def run(self, progress: bool) -> Posterior:
        state = self._initial()
        result = self._judge() if self.backend.iteration else {"status": "running"}
        with (
            _on_signal(self._request_stop),
            _bar(progress, self.max_stored, self.backend.iteration) as advance,
        ):
            flushed = time.monotonic()
            while result["status"] == "running" and self.backend.iteration < self.max_stored:
                todo = CHECK_EVERY - self.backend.iteration % CHECK_EVERY
                todo = min(todo, self.max_stored - self.backend.iteration)
                steps = self.sampler.sample(
                    state, iterations=todo, thin_by=self.thin, skip_initial_state_check=True
                )
                for latest in steps:
                    state = latest
                    advance(1, result)
                    if self.stop or time.monotonic() - flushed > self.flush_every:
                        self._flush()
                        flushed = time.monotonic()
                    if self.stop:
                        raise Interrupted("sampling interrupted; the chain is saved")
                result = self._judge()
        if result["status"] == "running":
            result["status"] = "stopped at max_steps before the stopping rule was met"
        self._flush()
        return self._posterior(result)

    def _initial(self) -> Any:
        if self.backend.iteration:
            return self.backend.get_last_sample()
        rng = np.random.default_rng([self.seed, 1])
        z, names = self.start.z_, self.problem.names
        spread = np.full(len(z), 0.1)
        covariance = np.diag(spread**2)
        covariance[: len(names), : len(names)] = self.start.identifiability_.covariance
        points = rng.multivariate_normal(z, covariance, size=self.walkers, method="eigh")
        low, high = self.problem.bounds
        margin = 1e-3 * (high - low)
        points = np.clip(points, low + margin, high - margin)
        value = self.log_posterior(points)
        for _ in range(20):
            lost = ~np.isfinite(value)
            if not lost.any():
                break
            points[lost] = z + 0.5 * (points[lost] - z)
            value[lost] = self.log_posterior(points[lost])
        state = emcee.State(points, log_prob=value, random_state=np.random.RandomState(self.seed).get_state())
        self.sampler.random_state = state.random_state
        return state

    def _request_stop(self) -> None:
        self.stop = True

    def _flush(self) -> None:
        if self.checkpoint is not None:
            store.write(self.checkpoint, self.backend, {**self.meta, "n_failed": self._failed()})

    def _failed(self) -> int:
        return self.failed_before + self.problem.failures - self.failures_at_start

    def _judge(self) -> dict[str, Any]:
        # emcee adds up the acceptances of the stored steps only.
        acceptance = float(np.mean(self.backend.accepted) / self.backend.iteration)
        chain = self.backend.chain[: self.backend.iteration]
        result = diagnose(chain, self.problem.all_names, self.thin, self.effective)
        return {**result, "acceptance": acceptance, "n_failed": self._failed()}

    def _posterior(self, result: dict[str, Any]) -> Posterior:
        burn = result["burn_in"] // self.thin
        chain = self.backend.chain[burn : self.backend.iteration]
        log_posterior = self.backend.log_prob[burn : self.backend.iteration]
        every = max(1, int(np.ceil(chain.shape[0] * self.walkers / KEPT_DRAWS)))
        chain, log_posterior = chain[::every], log_posterior[::every]
        values = self.problem.to_values(chain)
        units = self.problem.units
        data = {
            name: (("chain", "draw"), values[..., k].T, {"units": units[name], "long_name": name})
            for k, name in enumerate(self.problem.all_names)
        }
        data["log_posterior"] = (("chain", "draw"), log_posterior.T, {"units": "-"})
        coordinates = {
            "chain": np.arange(self.walkers),
            "draw": np.arange(chain.shape[0]) * every * self.thin,
        }
        return Posterior(xr.Dataset(data, coordinates), result, list(self.problem.all_names))


@contextlib.contextmanager
def _on_signal(handler: Any) -> Iterator[None]:
    """Let Ctrl-C and SIGTERM finish the present step; only the main thread may listen."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    previous = {s: signal.signal(s, lambda *_: handler()) for s in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, old in previous.items():
            signal.signal(number, old)


@contextlib.contextmanager
def _bar(show: bool, total: int, done: int) -> Iterator[Any]:
    """Progress bar on standard error."""
    if not show:
        yield lambda steps, result: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("sampling"), BarColumn(), TextColumn("{task.fields[note]}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=total, completed=done, note="")

        def advance(steps: int, result: dict[str, Any]) -> None:
            note = f"{result['steps_over_tau']:.0f}/50 tau" if "steps_over_tau" in result else "burning in"
            bar.update(task, advance=steps, note=note)

        yield advance
