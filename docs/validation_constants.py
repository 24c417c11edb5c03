"""Calibrate the constants of studies and freeze them with the package.

Run: python docs/validation_constants.py STUDY...
"""

import argparse
from pathlib import Path

import assb.validation.studies  # noqa: F401  registers the studies
from assb.validation.published import STUDIES, calibrate_study, freeze, read_targets

parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
parser.add_argument("study", nargs="+", help="beginning of the ids, for example song")
for key in parser.parse_args().study:
    constants = calibrate_study(STUDIES[key], read_targets())
    folder = Path(__file__).parents[1] / "assb/parameters/data/studies"
    print(
        freeze(constants, folder), constants.mapping(), constants.status, f"scatter {constants.scatter:.2f}"
    )
