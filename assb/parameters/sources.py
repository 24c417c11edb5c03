"""Bibliography of the package: keys, BibTeX, one-line references."""

from __future__ import annotations

import re
from functools import cache
from importlib.resources import files


@cache
def _entries() -> dict[str, str]:
    text = files("assb.parameters").joinpath("sources.bib").read_text(encoding="utf-8")
    found = re.findall(r"(@\w+\{(\w+),.*?\n\})", text, flags=re.DOTALL)
    return {key: entry for entry, key in found}


def keys() -> list[str]:
    """Citation keys."""
    return sorted(_entries())


def bibtex(key: str) -> str:
    """BibTeX entry of a key.

    Raises
    ------
    KeyError
        For an unknown key, naming those that exist.
    """
    entries = _entries()
    if key not in entries:
        raise KeyError(f"citation key {key!r} is not in sources.bib; it has {', '.join(sorted(entries))}")
    return entries[key]


def reference(key: str) -> str:
    """One-line reference: authors, title, journal, year, DOI."""
    fields = dict(re.findall(r"(\w+)\s*=\s*\{(.*?)\}\s*,?\s*\n", bibtex(key) + "\n"))
    fields = {name: value.replace("{", "").replace("}", "") for name, value in fields.items()}
    parts = [
        fields.get("author", ""),
        fields.get("title", ""),
        fields.get("journal", fields.get("howpublished", "")),
    ]
    line = ", ".join(part for part in parts if part) + f" ({fields.get('year', 'n.d.')})"
    return f"{line}, doi {fields['doi']}" if "doi" in fields else line
