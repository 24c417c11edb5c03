"""What the compiled and the reference simulator share: inputs by name, and their checks."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["Simulator"]

Array = NDArray[np.float64]


class Simulator(ABC):
    """Inputs and outputs by name.

    Attributes
    ----------
    name : str
        Of the PyBaMM model.
    defaults : dict
        Values of the inputs that may be left out.
    """

    name: str
    defaults: dict[str, float]

    @property
    @abstractmethod
    def input_names(self) -> tuple[str, ...]:
        """Names of the inputs, in the order of `p`."""

    @property
    @abstractmethod
    def output_names(self) -> tuple[str, ...]:
        """Names of the outputs, in the order of the last axis."""

    def _described(self, what: str) -> str:
        inputs = ", ".join(
            f"{name} = {self.defaults[name]:g}" if name in self.defaults else f"{name} (no default)"
            for name in self.input_names
        )
        return (
            f"{type(self).__name__}({self.name}, {what})\n  inputs: {inputs or 'none'}\n"
            f"  outputs: {', '.join(self.output_names)}"
        )

    def vector(self, inputs: Mapping[str, float] | None = None) -> Array:
        """Inputs by name to the vector `p`; defaults fill in.

        Returns
        -------
        ndarray, shape (n_inputs,)

        Raises
        ------
        ValueError
            If a name is unknown, or one without default is missing.
        """
        return self._matrix({k: [v] for k, v in (inputs or {}).items()}, 1)[0]

    def _matrix(self, inputs: Mapping[str, ArrayLike], n: int) -> Array:
        unknown = sorted(set(inputs) - set(self.input_names))
        if unknown:
            raise ValueError(
                f"inputs: {unknown!r} are not inputs of this model; choose from {list(self.input_names)!r} "
                "or compile the model with them."
            )
        missing = [k for k in self.input_names if k not in inputs and k not in self.defaults]
        if missing:
            raise ValueError(f"inputs: {missing!r} have no default; give them a value.")
        matrix = np.empty((n, len(self.input_names)))
        for i, name in enumerate(self.input_names):
            matrix[:, i] = inputs.get(name, self.defaults.get(name, np.nan))
        return matrix

    def _sets(self, inputs: Mapping[str, ArrayLike]) -> Array:
        """Sets of inputs by name, scalars repeated, to a matrix (n, n_inputs)."""
        shapes = {name: np.shape(value) for name, value in inputs.items()}
        if any(len(shape) > 1 for shape in shapes.values()):
            raise ValueError(f"inputs have shapes {shapes!r}; give scalars or one-dimensional arrays.")
        lengths = {shape[0] for shape in shapes.values() if shape}
        if len(lengths) > 1:
            raise ValueError(f"inputs have shapes {shapes!r}; give arrays of one common length.")
        return self._matrix(inputs, lengths.pop() if lengths else 1)

    def _checked(self, p: ArrayLike, shape: tuple[int, ...]) -> Array:
        p = np.ascontiguousarray(p, dtype=float)
        if p.ndim != len(shape) or p.shape[-1] != shape[-1]:
            wanted = "(n_inputs,)" if len(shape) == 1 else "(n, n_inputs)"
            raise ValueError(
                f"p has shape {p.shape}; give {wanted} with n_inputs = {shape[-1]}, ordered as input_names."
            )
        return p

    def _wanted(self, names: Sequence[str] | None) -> tuple[str, ...]:
        """The outputs a cycle reports; all for None."""
        wanted = self.output_names if names is None else tuple(names)
        unknown = sorted(set(wanted) - set(self.output_names))
        if unknown:
            raise ValueError(
                f"outputs_each_cycle: {unknown!r} are not outputs of this model; choose from "
                f"{list(self.output_names)!r} or compile the model with them."
            )
        return wanted
