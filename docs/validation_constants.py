"""Calibrate the constants of studies and freeze them: python docs/validation_constants.py STUDY..."""

from __future__ import annotations

import sys
from pathlib import Path

import assb.validation.studies  # noqa: F401  registers the studies
from assb.validation.published import STUDIES, calibrate_study, freeze, read_targets

FOLDER = Path(__file__).parents[1] / "assb" / "parameters" / "data" / "studies"

if __name__ == "__main__":
    rows = read_targets()
    for key in sys.argv[1:] or sorted(STUDIES):
        constants = calibrate_study(STUDIES[key], rows)
        if constants.names:
            print(freeze(constants, FOLDER), constants.mapping(), f"scatter {constants.scatter:.2f}")
