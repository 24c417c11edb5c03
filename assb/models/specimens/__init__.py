"""Specimens that measure one property: pellet, blocking cell, symmetric cell.

Each is a closed form, or the equations of two foils, over the parameter values and laws of the full-cell
models, so that what a specimen shows and what a cell does come from the same numbers.
"""

from assb.models.specimens.blocking import BlockingCell
from assb.models.specimens.pellet import SolidElectrolytePellet
from assb.models.specimens.plating import PlatingRun
from assb.models.specimens.symmetric import SymmetricCell

__all__ = ["BlockingCell", "PlatingRun", "SolidElectrolytePellet", "SymmetricCell"]
