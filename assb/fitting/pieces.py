"""Time series cut into pieces whose starting states are unknowns of their own.

Each piece is integrated by the compiled back end on the grid of the simulator, so that the pieces, once they join,
are the simulation that the likelihood sees.
"""

from __future__ import annotations

import dataclasses
import itertools
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np

from assb.fitting.dataset import DataError
from assb.fitting.observations import Observation, SeriesObservation
from assb.fitting.problem import Problem
from assb.fitting.simulators import CompiledSimulator
from assb.models.compiled.compiler import available_processors

__all__ = ["Linearised", "PiecewiseSeries", "Whole", "thinned"]


@dataclass(frozen=True)
class Linearised:
    """Rows of a data set and gaps between its pieces, with derivatives.

    Attributes
    ----------
    rows : ndarray, shape (rows,)
    gaps : ndarray, shape (pieces - 1, n_x)
        State at the end of a piece minus that at the start of the next.
    row_slopes : ndarray, shape (rows, unknowns + (pieces - 1) n_x)
        Derivatives of the rows in the coordinates of the parameters and in the starting states.
    gap_slopes : ndarray, shape (pieces - 1, n_x, unknowns + n_x)
        Derivatives of the ends of pieces in the parameters and in the starting state of the same piece; the
        latter is zero for the first, which starts where the parameters say.
    """

    rows: np.ndarray
    gaps: np.ndarray
    row_slopes: np.ndarray
    gap_slopes: np.ndarray


class PiecewiseSeries:
    """A time series by multiple shooting.

    Parameters
    ----------
    observation : SeriesObservation
        On the compiled back end.
    pieces : int
        At most; none is shorter than an integration step.

    Attributes
    ----------
    n_x : int
        Unknowns at each start but the first.
    """

    def __init__(self, observation: SeriesObservation, pieces: int):
        simulator: Any = observation.simulator
        self._observation = observation
        self._protocol, self._threads = simulator.protocol, simulator.threads
        self._library = simulator.compiled.segments()
        self.n_x = self._library.n_x
        cuts = np.unique(np.linspace(0, len(self._protocol.h), pieces + 1).round().astype(int))
        self._parts = [slice(int(a), int(b)) for a, b in itertools.pairwise(cuts)]
        self._algebraic = np.zeros((len(self._parts) - 1, self._library.n_y - self.n_x))

    @property
    def joints(self) -> int:
        """Number of starting states that are unknowns."""
        return len(self._parts) - 1

    def simulate(self, values: np.ndarray) -> np.ndarray | None:
        """States at the joints, shape (joints, n_x), of an ordinary simulation; None where there is none.

        The algebraic states found there are where later evaluations begin to look for theirs.
        """
        nothing = np.zeros((0, len(values)))
        y, s, status = self._library.start(self._protocol, values, nothing)
        states = []
        for part in self._parts:
            if status:
                return None
            y, s, *_, status = self._library.run(self._protocol, part, values, y, s, nothing)
            states.append(y)
        if status:
            return None
        joints = np.array(states[:-1]).reshape(self.joints, self._library.n_y)
        self._algebraic = joints[:, self.n_x :]
        return joints[:, : self.n_x]

    def _run(self, values: np.ndarray, inputs: np.ndarray, states: np.ndarray, slopes: bool) -> list[Any]:
        """What the library says of every piece, in turn; the pieces need not wait for each other."""
        n_x, n_y = self.n_x, self._library.n_y

        def run(k: int) -> Any:
            if k == 0:
                y, s, status = self._library.start(self._protocol, values, inputs)
                if status:
                    return y, s, None, None, status
                directions = inputs
            else:
                y = np.concatenate([states[k - 1], self._algebraic[k - 1]])
                n = n_x if slopes else 0
                s = np.concatenate([np.zeros((len(inputs), n_y)), np.eye(n, n_y)])
                directions = np.concatenate([inputs, np.zeros((n, inputs.shape[1]))])
            return self._library.run(self._protocol, self._parts[k], values, y, s, directions)

        n = len(self._parts)
        threads = min(self._threads or available_processors(), n)
        if threads == 1:
            return [run(k) for k in range(n)]
        with ThreadPoolExecutor(threads) as pool:
            return list(pool.map(run, range(n)))

    def _rows(self, written: np.ndarray) -> np.ndarray:
        """Rows of the observation, shape (rows, ...), of those of the integration, (n, outputs, ...)."""
        resampled = self._protocol.resample(written, 0)[:, : len(self._observation.channels)]
        return np.swapaxes(resampled, 0, 1).reshape(-1, *written.shape[2:])

    def evaluate(self, values: np.ndarray, states: np.ndarray) -> tuple[np.ndarray, np.ndarray] | None:
        """Rows, shape (rows,), and gaps, shape (joints, n_x); None where a piece cannot be simulated."""
        found = self._run(values, np.zeros((0, len(values))), states, slopes=False)
        if any(status for *_, status in found):
            return None
        ends = np.array([y[: self.n_x] for y, *_ in found[:-1]]).reshape(states.shape)
        return self._rows(np.concatenate([rows for _, _, rows, _, _ in found])), ends - states

    def linearise(self, values: np.ndarray, inputs: np.ndarray, states: np.ndarray) -> Linearised | None:
        """As :meth:`evaluate`, with derivatives.

        Parameters
        ----------
        values : ndarray, shape (inputs,)
        inputs : ndarray, shape (inputs, unknowns)
            Derivatives of the inputs.
        states : ndarray, shape (joints, n_x)
        """
        active = np.flatnonzero(inputs.any(axis=0))
        found = self._run(values, np.ascontiguousarray(inputs[:, active].T), states, slopes=True)
        if any(status for *_, status in found):
            return None
        n, unknowns, n_x = len(active), inputs.shape[1], self.n_x
        written = np.concatenate([rows for _, _, rows, _, _ in found])
        slopes = np.zeros((*written.shape, unknowns + self.joints * n_x))
        gap_slopes = np.zeros((self.joints, n_x, unknowns + n_x))
        at = 0
        for k, (_, s, rows, derivatives, _) in enumerate(found):
            here = slice(at, at + len(rows))
            slopes[here, :, active] = derivatives[..., :n]
            if k:
                slopes[here, :, unknowns + (k - 1) * n_x : unknowns + k * n_x] = derivatives[..., n:]
            if k < self.joints:
                gap_slopes[k][:, active] = s[:n, :n_x].T
                gap_slopes[k][:, unknowns : unknowns + len(s) - n] = s[n:, :n_x].T
            at = here.stop
        ends = np.array([y[:n_x] for y, *_ in found[:-1]]).reshape(states.shape)
        return Linearised(self._rows(written), ends - states, self._rows(slopes), gap_slopes)


class Whole:
    """Data without a time course: their rows depend on the parameters alone."""

    n_x = joints = 0

    def __init__(self, observation: Observation):
        self._observation = observation

    def simulate(self, values: np.ndarray) -> np.ndarray | None:
        """No states."""
        return np.zeros((0, 0))

    def evaluate(self, values: np.ndarray, states: np.ndarray) -> tuple[np.ndarray, np.ndarray] | None:
        """See :class:`PiecewiseSeries`."""
        rows = self._observation.predict(values[None])[0]
        return (rows, states) if np.isfinite(rows).all() else None

    def linearise(self, values: np.ndarray, inputs: np.ndarray, states: np.ndarray) -> Linearised | None:
        """See :class:`PiecewiseSeries`."""
        rows, slopes = self._observation.linearise(values, inputs)
        if not (np.isfinite(rows).all() and np.isfinite(slopes).all()):
            return None
        return Linearised(rows, states, slopes, np.zeros((0, 0, inputs.shape[1])))


def thinned(problem: Problem, rows: int) -> list[Observation] | None:
    """Observations with every k-th row of long time series; None where there are none.

    Their maximum a posteriori is a few standard deviations from that of all rows, and costs a fraction: a start.

    Parameters
    ----------
    problem : Problem
        On the compiled back end.
    rows : int
        About how many to keep of each.
    """
    found: list[Observation] = []
    for each in problem.observations:
        every = len(each.data.time) // rows if isinstance(each, SeriesObservation) else 1
        if every > 1:
            found.append(_every(each, every))
        else:
            found.append(each)
    return None if all(a is b for a, b in zip(found, problem.observations, strict=True)) else found


def _every(observation: Any, k: int) -> Observation:
    data, simulator = observation.data, observation.simulator
    columns = {name: getattr(data, name)[k - 1 :: k] for name in data.columns}
    try:
        fewer = dataclasses.replace(data, **columns, sha256="")
    except DataError:  # too little is left for the checks of a record
        return observation
    noises = [channel.noise for channel in observation.channels]
    fast = CompiledSimulator(simulator.compiled, fewer, simulator.threads)
    return SeriesObservation(fewer, fast, noises[0], noises[-1])
