"""Tables that the model itself predicts: one variable of the rested cell, row by row at other conditions."""

from __future__ import annotations

from collections.abc import Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import numpy as np
import pybamm

from assb.fitting.dataset import DataError
from assb.fitting.table import Table

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["AtRest", "table_of_frame"]

#: Rest [s] after which the variable is read: algebraic states have settled, slow ones have not moved.
REST = 1e-3
#: Scale of a row without a column of its own, as a share of its magnitude.
RELATIVE = 0.05


class AtRest:
    """Predictor of a table: a variable of the model at rest in the initial state.

    Parameters
    ----------
    model : pybamm.BaseModel
    parameter_values : pybamm.ParameterValues
    quantity : str
        Scalar variable of the model.
    conditions : mapping
        Parameter -> its value in each row, shape (rows,). It takes the place of what data set and unknowns say.
    """

    def __init__(
        self,
        model: pybamm.BaseModel,
        parameter_values: pybamm.ParameterValues,
        quantity: str,
        conditions: Mapping[str, np.ndarray],
    ):
        self._model, self._values, self._quantity = model, parameter_values, quantity
        self._conditions = {name: np.asarray(rows, dtype=float) for name, rows in conditions.items()}
        self._compiled: dict[tuple[str, ...], Any] = {}

    def __call__(self, named: Mapping[str, np.ndarray]) -> np.ndarray:
        """Predictions, shape (sets, rows), of values of shape (sets, 1)."""
        from assb.models.compiled import Protocol, compile_model

        names = tuple(dict.fromkeys([*named, *self._conditions]))
        if names not in self._compiled:
            self._compiled[names] = compile_model(self._model, self._values, list(names), [self._quantity])
        rows = len(next(iter(self._conditions.values())))
        sets = len(next(iter(named.values())))
        columns = [
            np.broadcast_to(self._conditions[name] if name in self._conditions else named[name], (sets, rows))
            for name in names
        ]
        protocol = Protocol.from_steps([(REST, 0.0)], output_times=[REST])
        values, _ = self._compiled[names].evaluate_many(
            protocol, np.stack(columns, axis=-1).reshape(sets * rows, -1)
        )
        return values[:, 0, 0].reshape(sets, rows)


def table_of_frame(
    frame: pd.DataFrame,
    name: str,
    columns: Mapping[str, str],
    model: pybamm.BaseModel,
    parameter_values: pybamm.ParameterValues,
) -> Table:
    """Table of a frame: a column named like a model variable, columns named like parameters, perhaps scales.

    Parameters
    ----------
    frame : pandas.DataFrame
    name : str
        Of the data set.
    columns : mapping
        Roles: "value", the column that was measured; "variable", the model variable it is compared with (the name
        of that column unless given); "sd", the column of the scales (5 % of the magnitude without one).
    model, parameter_values
        Of the problem.

    Raises
    ------
    DataError
        For an unknown role, column, variable or parameter, or values that are not numbers.
    """
    unknown = [role for role in columns if role not in ("value", "variable", "sd")]
    if unknown:
        raise DataError(
            f"{name}: columns: {unknown[0]!r} is not known: roles of a table are value, variable, sd"
        )
    if "value" not in columns:
        raise DataError(f'{name}: a table needs columns = {{value = "..."}}: the column that was measured')
    for role in ("value", "sd"):
        if role in columns and columns[role] not in frame.columns:
            raise DataError(
                f"{name}: no column {columns[role]!r} for {role}: it has {', '.join(map(str, frame.columns))}"
            )
    quantity = columns.get("variable", columns["value"])
    if quantity not in model.variables:
        close = get_close_matches(quantity, list(model.variables), n=3, cutoff=0.4)
        raise DataError(
            f"{name}: {quantity!r} is no variable of the model: did you mean"
            f" {' or '.join(map(repr, close or ['one of model.variables']))}? Name it as variable in columns"
        )
    conditions = [column for column in frame.columns if column not in (columns["value"], columns.get("sd"))]
    for column in conditions:
        if column not in parameter_values.keys():
            raise DataError(
                f"{name}: column {column!r} is no parameter of the cell: rename it (see 'assb list parameters')"
                " or drop it"
            )
    if not conditions:
        raise DataError(
            f"{name}: a table needs at least one column of conditions, such as 'Stack pressure [MPa]'"
        )
    try:
        numbers = {column: np.asarray(frame[column], dtype=float) for column in frame.columns}
    except (TypeError, ValueError):
        raise DataError(f"{name}: holds text: keep numbers only") from None
    values = numbers[columns["value"]]
    scales = numbers[columns["sd"]] if "sd" in columns else RELATIVE * np.abs(values)
    predictor = AtRest(model, parameter_values, quantity, {column: numbers[column] for column in conditions})
    return Table(values, predictor, sd=scales, name=name, quantity=columns["value"])
