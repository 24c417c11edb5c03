"""Priors of material properties from collections of measurements.

The numbers are derived from the file that they cite, by :func:`derive_conductivity_prior`; a test repeats
the derivation where the file is at hand. The file itself is not part of the package.
"""

from __future__ import annotations

import csv
import math
import re
from dataclasses import dataclass
from pathlib import Path
from statistics import median

#: Scale of a normal distribution per median absolute deviation.
_NORMAL = 1.4826


@dataclass(frozen=True)
class ConductivityPrior:
    """Log-normal prior of the bulk conductivity of a solid electrolyte at room temperature.

    Parameters
    ----------
    median : float
        Median [S.m-1].
    factor : float
        One standard deviation of the logarithm, as a factor: two thirds of the mass lie between
        ``median / factor`` and ``median * factor``.
    count : int
        Number of measurements behind it.
    source : str
        Key of ``sources.bib``.
    rows : str
        Which measurements.
    """

    median: float
    factor: float
    count: int
    source: str
    rows: str


#: Class of electrolytes -> prior. Dispersion by the median absolute deviation: two early, poorly densified
#: samples (3e-3 S/m; pssa 2011) would alone raise the factor of the first class to 5.7.
CLASSES: dict[str, ConductivityPrior] = {
    "Li6PS5(Cl,Br)": ConductivityPrior(
        0.1555, 2.024, 10, "Obelix2025", "argyrodites of Li, P, S and Cl or Br only"
    ),
    "argyrodites": ConductivityPrior(0.1454, 3.082, 50, "Obelix2025", "argyrodites that contain sulfur"),
    "sulfides": ConductivityPrior(
        0.0916, 18.73, 142, "Obelix2025", "all compounds with sulfur and without oxygen"
    ),
}

#: Electrolyte of the package -> class. The collection has three samples of Li6PS5Cl and none of
#: Li5.5PS4.5Cl1.5: each borrows the narrowest class that contains it. Halides and coated powders are in none.
ELECTROLYTES = {
    "Li6PS5Cl": "Li6PS5(Cl,Br)",
    "Li6PS5Cl glass-ceramic": "Li6PS5(Cl,Br)",
    "Li6PS5Cl crystalline": "Li6PS5(Cl,Br)",
    "Li6PS5Cl0.5Br0.5": "Li6PS5(Cl,Br)",
    "Li6PS5Br": "Li6PS5(Cl,Br)",
    "Li5.5PS4.5Cl1.5": "argyrodites",
    "Li3PS4 glass": "sulfides",
    "beta-Li3PS4": "sulfides",
    "LiI-Li3PS4": "sulfides",
    "Li10GeP2S12": "sulfides",
}


def conductivity_prior(electrolyte: str) -> ConductivityPrior:
    """Prior of the room-temperature bulk conductivity of a solid electrolyte.

    Parameters
    ----------
    electrolyte : str
        An electrolyte of the package, or a class: "Li6PS5(Cl,Br)", "argyrodites", "sulfides".

    Returns
    -------
    ConductivityPrior
        Median [S.m-1], factor, number of measurements, source.

    Raises
    ------
    ValueError
        For an unknown electrolyte, naming those that exist.

    Notes
    -----
    From OBELiX (F. Therrien et al. 2025, arXiv:2502.14234, CC BY 4.0), a collection of conductivities
    measured at room temperature, taken here as 25 degrees Celsius; samples of one study are not
    independent, and total and grain conductivities are mixed, which the factor includes.

    Examples
    --------
    >>> conductivity_prior("Li6PS5Cl").median
    0.1555
    """
    known = CLASSES.get(ELECTROLYTES.get(electrolyte, electrolyte))
    if known is None:
        raise ValueError(
            f"electrolyte = {electrolyte!r} has no conductivity prior: use one of"
            f" {', '.join([*ELECTROLYTES, *CLASSES])}"
        )
    return known


def derive_conductivity_prior(path: str | Path, electrolytes: str) -> tuple[float, float, int]:
    """Median [S.m-1], factor and number of measurements of a class, from the OBELiX table.

    Parameters
    ----------
    path : str or Path
        ``all.csv`` of OBELiX.
    electrolytes : str
        A class: "Li6PS5(Cl,Br)", "argyrodites" or "sulfides".

    Raises
    ------
    ValueError
        For an unknown class.
    """
    if electrolytes not in CLASSES:
        raise ValueError(f"electrolytes = {electrolytes!r} is not a class: use one of {', '.join(CLASSES)}")
    with Path(path).open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if _belongs(row, electrolytes)]
    logs = [math.log(100 * float(row["Ionic conductivity (S cm-1)"])) for row in rows]
    middle = median(logs)
    spread = _NORMAL * median(abs(value - middle) for value in logs)
    return math.exp(middle), math.exp(spread), len(logs)


def _belongs(row: dict[str, str], electrolytes: str) -> bool:
    elements = set(re.findall(r"[A-Z][a-z]?", row["True Composition"]))
    if "S" not in elements:
        return False
    if electrolytes == "sulfides":
        return "O" not in elements
    if not row["Family"].startswith("argyrodite"):
        return False
    return electrolytes == "argyrodites" or elements <= {"Li", "P", "S", "Cl", "Br"}
