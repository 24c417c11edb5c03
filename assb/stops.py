"""A protocol that stops before its end says so: PyBaMM logs it and returns what it has."""

from __future__ import annotations

import re
import warnings
from typing import Any

import pybamm

__all__ = ["IncompleteWarning", "Watch", "warn_of_stop"]


class IncompleteWarning(UserWarning):
    """A protocol stopped before its end; the solution holds what was computed until then.

    Attributes
    ----------
    cycle, step : int
        Where it stopped, both counted from 1; a plain sequence of steps counts each as a cycle.
    instruction : str
        The step that stopped.
    reason : str
        What the solver said.
    remedy : str
        What to change.
    """

    def __init__(self, cycle: int, step: int, instruction: str, reason: str, remedy: str):
        super().__init__(
            f"the protocol stopped in step {step} of cycle {cycle} ({instruction!r}): {reason}. The solution "
            f"ends there. {remedy}"
        )
        self.cycle = cycle
        self.step = step
        self.instruction = instruction
        self.reason = reason
        self.remedy = remedy

    def __reduce__(self):
        return type(self), (self.cycle, self.step, self.instruction, self.reason, self.remedy)

    def summary(self) -> dict[str, Any]:
        """The attributes as a plain dictionary."""
        return dict(vars(self))


class Watch(pybamm.callbacks.LoggingCallback):
    """Callback that keeps the first stop of an experiment instead of logging it."""

    def __init__(self) -> None:
        super().__init__()
        #: Why the experiment stopped, or None when it did not.
        self.stop: IncompleteWarning | None = None

    def on_experiment_error(self, logs: dict[str, Any]) -> None:
        """The solver gave up, or an event of the cell was met before the step began."""
        said = str(logs["error"]).strip().splitlines()[0].strip().rstrip(".")
        events = re.search(r"Events \[(.*)\] are non-positive at initial", said)
        if events:
            said = f"the cell is beyond the limit {events.group(1)} as soon as it begins"
            remedy = f"Lower its current or power. {_LIMITS}"
        else:
            said = f"the solver failed: {said}"
            remedy = (
                "A power or voltage may ask for more than the cell can give: lower it, or end the step "
                'earlier ("until ... V"). Or pass solver=pybamm.IDAKLUSolver(...) with other tolerances.'
            )
        self._keep(logs, said, remedy)

    def on_experiment_infeasible_time(self, logs: dict[str, Any]) -> None:
        """The default duration of a step ended it."""
        self._keep(
            logs,
            f"its end condition was not met within the default duration of {logs['step duration']:g} s",
            'Add a duration, as in "... for 100 hours or until ...".',
        )

    def on_experiment_infeasible_event(self, logs: dict[str, Any]) -> None:
        """A limit of the cell, not of the step, ended it."""
        event = str(logs["termination"]).removeprefix("event: ")
        self._keep(logs, f"the limit {event!r} of the cell was met", _LIMITS)

    def _keep(self, logs: dict[str, Any], reason: str, remedy: str) -> None:
        if self.stop is None:
            self.stop = IncompleteWarning(
                int(logs["cycle number"][0]),
                int(logs["step number"][0]),
                str(logs["step operating conditions"]),
                reason,
                remedy,
            )


_LIMITS = (
    'End the step before that limit ("until ... V"), or change what sets it: the cut-off voltages of the parameter '
    "values, the initial stoichiometry."
)


def warn_of_stop(watch: Watch, stacklevel: int = 2) -> None:
    """Issue the :class:`IncompleteWarning` of a watched experiment, if it has one."""
    if watch.stop is not None:
        warnings.warn(watch.stop, stacklevel=stacklevel + 1)
