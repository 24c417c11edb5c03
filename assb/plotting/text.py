"""Numbers, units and names as a reader expects to see them."""

from __future__ import annotations

import math
import re
from typing import Any

_SUPERSCRIPT = str.maketrans("0123456789-+.", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺·")
_UNIT = re.compile(r"^(?P<symbol>[^\d\s^*+-]+)\^?(?P<power>[-+]?\d+(?:\.\d+)?)?$")
_SYMBOLS = {"Ohm": "Ω", "ohm": "Ω", "um": "µm", "uA": "µA", "degC": "°C", "-": ""}

#: Shown where there is no value.
MISSING = "–"


def is_number(value: Any) -> bool:
    """Whether ``value`` is a finite number."""
    try:
        return value is not None and math.isfinite(float(value))
    except (TypeError, ValueError):
        return False


def superscript(power: float | int | str) -> str:
    """Write a power with Unicode superscripts."""
    return str(power).translate(_SUPERSCRIPT)


def pretty_unit(unit: str | None) -> str:
    """Set a unit in type: ``m2.s-1`` becomes ``m² s⁻¹``, ``Ohm.cm2`` becomes ``Ω cm²``.

    Units with a solidus, a space or anything unfamiliar keep their structure.

    Examples
    --------
    >>> pretty_unit("MPa.mA-1.h-1")
    'MPa mA⁻¹ h⁻¹'
    >>> pretty_unit("S/cm")
    'S/cm'
    """
    if not unit or unit in {"-", "1", "dimensionless"}:
        return ""

    def factor(text: str) -> str:
        match = _UNIT.match(text)
        if match is None:
            return text
        symbol = _SYMBOLS.get(match["symbol"], match["symbol"])
        return symbol + (superscript(match["power"]) if match["power"] else "")

    def product(text: str) -> str:
        return " ".join(factor(part) for part in re.split(r"[.\s·]+", text) if part)

    return "/".join(product(part) for part in unit.strip("[] ").split("/"))


def split_name(name: str) -> tuple[str, str]:
    """Split ``"Stack pressure [MPa]"`` into its quantity and its unit set in type."""
    match = re.match(r"^(?P<quantity>.*?)\s*\[(?P<unit>[^\]]*)\]\s*$", name)
    return (match["quantity"], pretty_unit(match["unit"])) if match else (name, "")


def number(value: Any, digits: int = 3) -> str:
    """Format to ``digits`` significant digits, with powers of ten written out.

    Examples
    --------
    >>> number(1.2345e-15)
    '1.23 × 10⁻¹⁵'
    >>> number(0.04567)
    '0.0457'
    >>> number(float("nan"))
    '–'
    """
    if not is_number(value):
        return MISSING
    value = float(value)
    if value == 0:
        return "0"
    exponent = math.floor(math.log10(abs(value)))
    rounded = round(value, digits - 1 - exponent)
    exponent = math.floor(math.log10(abs(rounded)))
    if exponent < -3 or exponent >= max(digits + 2, 5):
        mantissa = f"{rounded / 10.0**exponent:.{digits - 1}f}"
        return f"{_minus(mantissa)} × 10{superscript(exponent)}"
    return _minus(f"{rounded:.{max(digits - 1 - exponent, 0)}f}")


def count(value: Any) -> str:
    """Format a whole number, with thin spaces between thousands from five digits on."""
    if not is_number(value):
        return MISSING
    whole = round(float(value))
    return _minus(f"{whole:,}".replace(",", "\u202f") if abs(whole) >= 10_000 else str(whole))


def pretty_exponents(text: Any) -> str:
    """Rewrite numbers such as ``1.3e-15`` inside a text as 1.3 × 10⁻¹⁵."""

    def rewrite(match: re.Match[str]) -> str:
        digits = len(match[1].replace(".", "").lstrip("-0"))
        return number(match[0], max(digits, 1))

    return re.sub(r"(?<![\w.])(-?\d+(?:\.\d+)?)[eE][-+]?\d+\b", rewrite, str(text))


def fixed(value: Any, decimals: int = 2, *, sign: bool = False) -> str:
    """Format with a fixed number of decimals."""
    if not is_number(value):
        return MISSING
    return _minus(f"{float(value):{'+' if sign else ''}.{decimals}f}")


def with_sd(value: Any, sd: Any) -> str:
    """Format ``value ± sd`` with the sd to two significant digits and the value to the same decimal.

    Examples
    --------
    >>> with_sd(3.14159e-15, 2.2e-16)
    '(3.14 ± 0.22) × 10⁻¹⁵'
    >>> with_sd(21.37, None)
    '21.4'
    """
    if not is_number(value):
        return MISSING
    if not is_number(sd) or float(sd) <= 0:
        return number(value)
    value, sd = float(value), float(sd)
    leading = max(abs(value), sd)
    exponent = math.floor(math.log10(leading))
    shift = exponent if exponent < -3 or exponent >= 5 else 0
    value, sd = value / 10.0**shift, sd / 10.0**shift
    decimals = min(max(1 - math.floor(math.log10(sd)), 0), 8)
    body = f"{_minus(f'{value:.{decimals}f}')} ± {sd:.{decimals}f}"
    return f"({body}) × 10{superscript(shift)}" if shift else body


def interval(low: Any, high: Any, digits: int = 3) -> str:
    """Format an interval, sharing the power of ten.

    Examples
    --------
    >>> interval(1.1e-15, 1.62e-15)
    '(1.10 to 1.62) × 10⁻¹⁵'
    """
    if not (is_number(low) and is_number(high)):
        return MISSING
    low, high = float(low), float(high)
    largest = max(abs(low), abs(high))
    exponent = math.floor(math.log10(largest)) if largest > 0 else 0
    shift = exponent if exponent < -3 or exponent >= 5 else 0
    low, high = low / 10.0**shift, high / 10.0**shift
    leading = max(abs(low), abs(high))
    decimals = max(digits - 1 - math.floor(math.log10(leading)), 0) if leading > 0 else 0
    if high > low:
        decimals = max(decimals, 1 - math.floor(math.log10(high - low)))
    small = min(abs(low), abs(high))
    if 0 < small < 0.02 * leading and not shift:
        body = f"{number(low, digits)} to {number(high, digits)}"
    else:
        body = f"{_minus(f'{low:.{decimals}f}')} to {_minus(f'{high:.{decimals}f}')}"
    return f"({body}) × 10{superscript(shift)}" if shift else body


def percent(fraction: Any, decimals: int = 0) -> str:
    """Format a fraction as a percentage."""
    return f"{_minus(f'{100 * float(fraction):.{decimals}f}')} %" if is_number(fraction) else MISSING


def duration(seconds: Any) -> str:
    """Format a length of time: seconds, minutes or hours as fits."""
    if not is_number(seconds):
        return MISSING
    seconds = float(seconds)
    if seconds < 0.9995:
        return f"{number(1e3 * seconds)} ms"
    if seconds < 120:
        return f"{number(seconds)} s"
    hours, rest = divmod(round(seconds), 3600)
    minutes, rest = divmod(rest, 60)
    return f"{hours} h {minutes:02d} min" if hours else f"{minutes} min {rest:02d} s"


def plain(label: Any) -> str:
    """Strip mathtext marks from a label so that it reads as plain text."""
    text = str(label)
    if text.count("$") < 2:
        return text
    text = re.sub(r"\\(?:mathrm|mathit|text|rm)\b", "", text)
    return re.sub(r"[${}\\]", "", text)


def _minus(text: str) -> str:
    """Set a true minus sign, and none before a rounded zero."""
    return re.sub(r"^-(?=0(?:\.0+)?$)", "", text).replace("-", "−")
