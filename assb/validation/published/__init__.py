"""Published figures against the library, number by number."""

from __future__ import annotations

from assb.validation.published.comparison import Row, ValidationTable, leave_one_out, run
from assb.validation.published.fit import Constants, calibrate_study, freeze, frozen
from assb.validation.published.study import STUDIES, Quantity, Study, register
from assb.validation.published.targets import Target, TargetError, Tolerance, read_targets

__all__ = [
    "STUDIES",
    "Constants",
    "Quantity",
    "Row",
    "Study",
    "Target",
    "TargetError",
    "Tolerance",
    "ValidationTable",
    "calibrate_study",
    "freeze",
    "frozen",
    "leave_one_out",
    "read_targets",
    "register",
    "run",
]
