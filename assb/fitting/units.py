"""Units as laboratories write them in the headers of their files, and factors between them.

``"mA"``, ``"mAh/g"``, ``"S.cm-1"``, ``"Ohm cm²"``, ``"µA"``: products of known units with SI prefixes and integer
powers. Capitals matter where they tell units apart (mS and ms); spelled-out and all-small forms are known, too.
"""

from __future__ import annotations

import re
from functools import lru_cache

__all__ = ["CELSIUS", "conversion", "is_unit"]

#: Ways to write degrees Celsius; the only unit with an offset.
CELSIUS = ("degc", "c", "celsius", "deg")
KELVIN = ("k", "kelvin")
_PREFIXES = {"G": 1e9, "M": 1e6, "k": 1e3, "d": 0.1, "c": 1e-2, "m": 1e-3, "u": 1e-6, "n": 1e-9, "p": 1e-12}
#: Unit -> factor and powers of the units that all others are counted in.
_UNITS: dict[str, tuple[float, dict[str, int]]] = {
    "s": (1.0, {"s": 1}),
    "min": (60.0, {"s": 1}),
    "h": (3600.0, {"s": 1}),
    "d": (86400.0, {"s": 1}),
    "Hz": (1.0, {"s": -1}),
    "A": (1.0, {"A": 1}),
    "C": (1.0, {"A": 1, "s": 1}),
    "Ah": (3600.0, {"A": 1, "s": 1}),
    "V": (1.0, {"V": 1}),
    "W": (1.0, {"V": 1, "A": 1}),
    "Wh": (3600.0, {"V": 1, "A": 1, "s": 1}),
    "Ohm": (1.0, {"V": 1, "A": -1}),
    "S": (1.0, {"V": -1, "A": 1}),
    "F": (1.0, {"A": 1, "s": 1, "V": -1}),
    "Pa": (1.0, {"Pa": 1}),
    "bar": (1e5, {"Pa": 1}),
    "psi": (6894.757293168361, {"Pa": 1}),
    "N": (1.0, {"Pa": 1, "m": 2}),
    "m": (1.0, {"m": 1}),
    "g": (1.0, {"g": 1}),
    "mol": (1.0, {"mol": 1}),
    "K": (1.0, {"K": 1}),
    "%": (0.01, {}),
    "1": (1.0, {}),
    "-": (1.0, {}),
}
_WORDS = {
    "s": "sec secs second seconds",
    "min": "minute minutes mins",
    "h": "hr hrs hour hours",
    "d": "day days",
    "ms": "millisecond milliseconds",
    "A": "a amp amps ampere amperes",
    "mA": "ma milliampere milliamperes",
    "V": "v volt volts",
    "mV": "mv millivolt millivolts",
    "Ohm": "ohm ohms",
    "kOhm": "kohm",
    "Hz": "hz hertz",
    "kHz": "khz",
    "Pa": "pa pascal",
    "kPa": "kpa",
    "MPa": "mpa",
    "Ah": "ah",
    "mAh": "mah",
    "%": "pct percent",
}
_SPELLED = {word: unit for unit, words in _WORDS.items() for word in words.split()}
_SIGNS = str.maketrans(
    {"µ": "u", "μ": "u", "·": ".", "⋅": ".", "*": ".", " ": ".", "²": "2", "³": "3", "⁻": "-", "¹": "1"}
    | {"Ω": "Ohm", "\u2126": "Ohm", "°": "deg", "℃": "degC", "−": "-", "^": ""}
)
_TERM = re.compile(r"(%|-|1|[A-Za-z]+)(-?\d+)?")


def _single(symbol: str) -> tuple[float, dict[str, int]] | None:
    if symbol in _UNITS:
        return _UNITS[symbol]
    if symbol in _SPELLED:
        return _single(_SPELLED[symbol])
    prefix, rest = symbol[:1], symbol[1:]
    if prefix in _PREFIXES and rest in _UNITS and rest not in ("min", "d", "%", "1", "-"):
        factor, powers = _UNITS[rest]
        return _PREFIXES[prefix] * factor, powers
    return None


@lru_cache(maxsize=512)
def _parse(unit: str) -> tuple[float, tuple[tuple[str, int], ...]] | None:
    """Factor to the counting units and their powers; None for what is no unit."""
    factor, powers = 1.0, dict.fromkeys(("s", "A", "V", "Pa", "m", "g", "mol", "K"), 0)
    text = unit.strip().translate(_SIGNS)
    if not text:
        return None
    for k, part in enumerate(text.split("/")):
        for term in part.split("."):
            match = _TERM.fullmatch(term)
            found = _single(match.group(1)) if match else None
            if match is None or found is None:
                return None
            power = int(match.group(2) or 1) * (-1 if k else 1)
            factor *= found[0] ** power
            for base, count in found[1].items():
                powers[base] += count * power
    return factor, tuple(powers.items())


def is_unit(text: str) -> bool:
    """Whether a text is a unit that is known here."""
    return _parse(text) is not None or text.strip().translate(_SIGNS).lower() in CELSIUS + KELVIN


def conversion(unit: str, target: str) -> tuple[float, float]:
    """Factor and offset: ``value [target] = factor * value [unit] + offset``.

    Parameters
    ----------
    unit, target : str
        A `target` of "degC" takes "C" for Celsius; elsewhere it is the coulomb.

    Raises
    ------
    ValueError
        For a unit that is not known or measures something else.
    """
    if target == "degC":
        written = unit.strip().translate(_SIGNS).lower()
        if written in CELSIUS:
            return 1.0, 0.0
        if written in KELVIN:
            return 1.0, -273.15
        raise ValueError(f"unit {unit!r} is no temperature: use C or K")
    source, wanted = _parse(unit), _parse(target)
    if wanted is None:
        raise ValueError(f"unit {target!r} is not known: write it like mA, S.cm-1 or mAh/g")
    if source is None:
        raise ValueError(f"unit {unit!r} is not known: write it like mA, S.cm-1 or mAh/g")
    if source[1] != wanted[1]:
        raise ValueError(f"unit {unit!r} does not convert to {target}: state the unit the column is in")
    # Exactly one for the same unit; the ratio of two powers of ten else.
    return (1.0 if source[0] == wanted[0] else source[0] / wanted[0]), 0.0
