"""Verification of the models against closed forms, one concept a module.

A check is a function without arguments that builds a small model, compares it with a closed form written
out in its module, and returns :class:`Measured`; the decorator :func:`check` registers it.
"""

from __future__ import annotations

from collections.abc import Sequence

from assb.validation.verification import (  # noqa: F401  (importing registers the checks)
    conservation,
    convergence,
    diffusion,
    energy,
    fixture,
    hierarchy,
    impedance,
    interphase,
    porous_electrode,
    voids,
)
from assb.validation.verification.registry import CHECKS, Check, Measured, Verification, check

__all__ = ["CHECKS", "Check", "Measured", "Verification", "check", "verify"]


def verify(names: str | Sequence[str] | None = None, progress: bool = False) -> Verification:
    """Verify the models against closed forms.

    Parameters
    ----------
    names : str or sequence of str, optional
        Checks to run, by name; all by default. ``list(assb.validation.verification.CHECKS)`` lists them.
    progress : bool
        Whether to print each check as it ends.

    Returns
    -------
    Verification
        A sequence of :class:`Check`, indexed by position or name; prints as a table.

    Raises
    ------
    ValueError
        For a name that is no check.

    Examples
    --------
    >>> import assb
    >>> table = assb.validation.verify(["linear growth"])
    >>> table.passed
    True
    """
    wanted = [names] if isinstance(names, str) else list(CHECKS) if names is None else list(names)
    unknown = [name for name in wanted if name not in CHECKS]
    if unknown:
        raise ValueError(f"names = {unknown!r}: no such checks; choose from {', '.join(CHECKS)}")
    done = []
    for position, name in enumerate(wanted, start=1):
        outcome = CHECKS[name].run()
        done.append(outcome)
        if progress:
            mark = "ok" if outcome.passed else "FAILED"
            print(f"[{position}/{len(wanted)}] {name}: {outcome.deviation:.1e} of {outcome.limit:.0e} {mark}")
    return Verification(done)
