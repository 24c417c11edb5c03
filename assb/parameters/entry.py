"""A parameter value with its source and the kind of evidence behind it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

#: Kinds of evidence, strongest first.
EVIDENCE = ("measured", "published", "calculated", "derived", "definition", "assumption")


@dataclass(frozen=True)
class Entry:
    """One value.

    Parameters
    ----------
    value : float or callable
        Number in the unit of the parameter's name, or a function of PyBaMM symbols.
    source : str
        Key of ``sources.bib``, or a plain sentence for a definition, a derivation or an assumption.
    evidence : str
        One of :data:`EVIDENCE`.

    Raises
    ------
    ValueError
        For an unknown kind of evidence or an empty source.
    """

    value: Any
    source: str
    evidence: str

    def __post_init__(self):
        if self.evidence not in EVIDENCE:
            raise ValueError(f"evidence = {self.evidence!r}: use one of {', '.join(EVIDENCE)}")
        if not self.source:
            raise ValueError("source is empty: name a citation key, or say why the value is assumed")


def unit(name: str) -> str:
    """Unit in the square brackets of a parameter or variable name; "-" when there is none."""
    found = re.search(r"\[([^\]]*)\]\s*$", name)
    return found.group(1) if found else "-"


def assumed(value: Any, why: str) -> Entry:
    """A value without a source."""
    return Entry(value, why, "assumption")


def published(value: Any, key: str) -> Entry:
    """A value printed in a paper."""
    return Entry(value, key, "published")


def derived(value: Any, how: str) -> Entry:
    """A value that follows from others."""
    return Entry(value, how, "derived")


def defined(value: Any, what: str) -> Entry:
    """A choice of the user or of the protocol."""
    return Entry(value, what, "definition")
