"""What a compiled model can be exported to."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from assb.models.compiled import CompiledModel, ReferenceModel

from .c99 import export_c99

__all__ = ["TARGETS", "export"]

#: Exporters by the name of their target.
TARGETS: dict[str, Callable[..., dict[str, Any]]] = {"c": export_c99}


def export(
    fast: CompiledModel,
    target: str = "c",
    path: str | Path = "exported",
    name: str | None = None,
    inputs: Mapping[str, float] | None = None,
    profile: Sequence[tuple[float, float]] | None = None,
) -> dict[str, Any]:
    """Write a compiled model as source for another program.

    Parameters
    ----------
    fast : CompiledModel
        From `assb.models.compile`.
    target : str
        "c": C99 without heap, input or output, with a self-test; see the header it writes.
    path : str or Path
        Folder, made if necessary; files of an earlier export are replaced.
    name : str, optional
        Prefix of every C name; the name of the model by default.
    inputs : mapping of str to float, optional
        Values [unit in the name] for the self-test; by default those the model was compiled with.
    profile : sequence of (duration [s], current [A]), optional
        Current of the self-test; by default pulses that move the first output by a few per cent.

    Returns
    -------
    dict
        The manifest, as written to ``manifest.json``.

    Raises
    ------
    ValueError
        If the target, the name or an input is not possible, or the profile cannot be simulated.
    OSError
        If the folder cannot be written.
    CompilerError
        If `fast` is a `ReferenceModel`, as there was no C compiler.
    """
    if target not in TARGETS:
        raise ValueError(f"target={target!r} is not known; use one of {sorted(TARGETS)!r}.")
    if isinstance(fast, ReferenceModel):
        _ = fast.exported  # says what to install
    if not isinstance(fast, CompiledModel):
        raise ValueError(
            f"fast is a {type(fast).__name__}; pass what assb.models.compile(model, parameter_values, ...) returns."
        )
    return TARGETS[target](fast, Path(path), name=name, inputs=inputs, profile=profile)
