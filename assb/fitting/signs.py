"""Whether the voltage goes the way that the sign of the current says."""

from __future__ import annotations

import numpy as np

__all__ = ["sign_problem"]

#: Rise of the voltage under discharge that tells a reversed current [V].
RISE = 0.01
#: Rise within one step after less current that tells a current without sign [V].
STEP_RISE = 0.02
#: Correlation of the changes of voltage and current from row to row that tells the sign of the current.
TELLING = 0.5
#: Change of the current from row to row, as a share of it, up to which it counts as constant.
STEADY = 0.05


def sign_problem(current: np.ndarray, voltage: np.ndarray, block: np.ndarray) -> str:
    """What is wrong with the sign of the current; "" if nothing is.

    Parameters
    ----------
    current, voltage : ndarray, shape (n,)
        [A], [V].
    block : ndarray of int, shape (n,)
        Step of each row.

    Notes
    -----
    Voltage falls on discharge. Within steps of constant current it is summed over the record. The voltage also answers
    a rise of the current by a fall: this tells where steps are too short, as in drive cycles. A current that is never
    negative, with a step under which the voltage rises though there was less current before it, has lost its
    sign: a cell on discharge recovers only where its current was larger before.
    """
    rise, more = np.diff(voltage), np.diff(current)
    steady = np.abs(more) <= STEADY * np.minimum(np.abs(current[1:]), np.abs(current[:-1]))
    same = steady & (block[1:] == block[:-1]) & (current[1:] * current[:-1] > 0)
    work = np.where(same, np.sign(current[1:]) * rise, 0.0)
    total = work.sum()
    size = np.sqrt(np.sum(rise**2) * np.sum(more**2))
    answer = float(np.sum(rise * more) / size) if size > 0 else 0.0
    # A voltage that answers the current as it should is right, whatever a current that drifts does within a step.
    reversed_ = answer > TELLING if abs(total) <= RISE else total > RISE and answer > -TELLING
    if reversed_:
        return (
            "the voltage rises while the current is positive, so charge is positive here; discharge must be positive:"
            ' multiply the column by -1, or read it with current_positive = "charge" (assb check --positive charge)'
        )
    if (current >= 0).all() and len(current):
        numbers, first = np.unique(block, return_index=True)
        by_step = np.add.reduceat(np.append(0.0, work), first)
        levels = np.array([np.median(rows) for rows in np.split(current, first[1:])])
        # Before the first step is the first row, if that is a state at rest.
        before = np.append(current[0], levels[:-1])
        k = np.flatnonzero((by_step > STEP_RISE) & (levels > before))
        if k.size:
            return (
                f"never negative, but the voltage rises in step {numbers[k[0]] + 1} as on charge, so the column is"
                " the magnitude without sign: make it negative while charging"
            )
    return ""
