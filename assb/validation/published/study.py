"""What a study is: its constants, and a function for each quantity that it measured."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from assb.fitting import Prior

#: Value of a quantity [unit of the rows] from the constants of the study and the parsed id.
Evaluator = Callable[[Mapping[str, float], Mapping[str, str]], float]


@dataclass(frozen=True)
class Quantity:
    """One measured quantity as a function of sample and condition.

    Attributes
    ----------
    pattern : str
        Regular expression of the id after "<study>_", with a named group for each part that varies. Numbers are
        matched as numbers, so that samples and conditions that were never published evaluate as well.
    unit : str
        Of the rows; a row in another unit is not evaluated.
    evaluate : callable
    """

    pattern: str
    unit: str
    evaluate: Evaluator

    def parse(self, rest: str) -> dict[str, str] | None:
        """Parts of an id without its study, None where it is another quantity."""
        found = re.fullmatch(self.pattern, rest)
        return None if found is None else found.groupdict()


@dataclass(frozen=True)
class Study:
    """A publication whose figures are compared.

    Attributes
    ----------
    key : str
        Beginning of its ids.
    title, source : str
        What it measured; authors, year, DOI.
    quantities : sequence of Quantity
    constants : mapping of str to Prior
        What its samples share and its rows marked "calibrate" decide; empty where everything is predicted.
    misses : str
        A plain paragraph about what the model does not say.
    samples : str
        Name of the group of the patterns that stands for the sample, for leaving one out; "" for none.
    """

    key: str
    title: str
    source: str
    quantities: tuple[Quantity, ...]
    constants: Mapping[str, Prior] = field(default_factory=dict)
    misses: str = ""
    samples: str = ""

    def find(self, id: str) -> tuple[Quantity, dict[str, str]] | None:
        """Quantity and parts of an id, None where the study has no such quantity."""
        study, _, rest = id.partition("_")
        if study != self.key:
            return None
        for quantity in self.quantities:
            parts = quantity.parse(rest)
            if parts is not None:
                return quantity, parts
        return None

    def value(self, id: str, constants: Mapping[str, float]) -> float:
        """The model's figure for an id.

        Raises
        ------
        KeyError
            For an id of no quantity of this study.
        """
        found = self.find(id)
        if found is None:
            raise KeyError(f"id = {id!r}: study {self.key!r} has no such quantity")
        quantity, parts = found
        return float(quantity.evaluate(constants, parts))


#: Studies by key.
STUDIES: dict[str, Study] = {}


def register(study: Study) -> Study:
    """Add a study to those that are compared.

    Raises
    ------
    ValueError
        For a key that exists.
    """
    if study.key in STUDIES:
        raise ValueError(f"key = {study.key!r}: a study of this key exists, choose another")
    STUDIES[study.key] = study
    return study
