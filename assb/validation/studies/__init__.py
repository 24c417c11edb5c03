"""The publications whose figures are compared, a module each."""

from assb.validation.studies import (
    kasemchainan2019,
    koerver2018,
    liu2024,
    oh2026,
    strauss2018,
    zhang2017,
)

__all__ = ["kasemchainan2019", "koerver2018", "liu2024", "oh2026", "strauss2018", "zhang2017"]
