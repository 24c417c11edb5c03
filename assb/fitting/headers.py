"""What the columns of a file mean: names and units of common cyclers and impedance analysers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from assb.fitting.dataset import COLUMNS, OPTIONAL_COLUMNS, DataError
from assb.fitting.spectrum import SPECTRUM_COLUMNS
from assb.fitting.units import conversion, is_unit

__all__ = ["KIND_ROLES", "Column", "recognise", "split_header"]

#: Kind of data -> role -> unit inside.
KIND_ROLES = {
    "series": {"time": "s", "current": "A", "voltage": "V", "pressure": "MPa", "temperature": "degC"},
    "spectrum": {"frequency": "Hz", "real": "Ohm", "imaginary": "Ohm", "-Im": "Ohm"},
}
#: Roles that a kind cannot do without.
NEEDED = {"series": ("time", "current", "voltage"), "spectrum": ("frequency", "real", "imaginary")}
#: Name of a column where nothing else is said; a demand for it is one for the role.
STANDARD = {**COLUMNS, **OPTIONAL_COLUMNS, **SPECTRUM_COLUMNS}
#: Role -> names without unit, spaces and signs, best first.
SPELLINGS = {
    "time": "testtime time elapsedtime totaltime runtime recordtime programduration t",
    "current": "current i cellcurrent imean iavg appliedcurrent amps",
    "voltage": "voltage cellvoltage terminalvoltage ecell eweece ewe potential u v e emean volts",
    "pressure": "stackpressure appliedpressure cellpressure pressure p",
    "temperature": "celltemperature temperature surfacetemperaturet1 temperaturet1 ambienttemperature temp t tcell",
    "frequency": "frequency freq f",
    "real": "rez re zre zreal realz real realimpedance impedancereal z' zprime",
    "imaginary": "imz im zim zimag zimaginary imagz imag imaginary imaginaryimpedance impedanceimaginary z'' "
    "zdoubleprime",
}
# Names whose units are their own.
_WORDS_AS_UNITS = {"amps": "A", "volts": "V"}


@dataclass(frozen=True)
class Column:
    """How one column of a file was understood.

    Attributes
    ----------
    role : str
        What it is; for a table, its name without unit.
    header : str
        As in the file.
    unit : str
        That of the file, "" if none is known.
    factor, offset : float
        To the unit inside.
    inside : str
        Unit inside.
    assumed : bool
        Whether the unit was assumed, because the file states none.
    """

    role: str
    header: str
    unit: str
    factor: float = 1.0
    offset: float = 0.0
    inside: str = ""
    assumed: bool = False


def split_header(header: str) -> tuple[str, str]:
    """Name and unit of a header such as "Time [s]", "<I>/mA", "Voltage(V)", "frequency_Hz"; "" without unit."""
    text = str(header).strip()
    match = re.fullmatch(r"(.*?)\s*\[([^\]]*)\]", text)
    if match:
        return match.group(1), match.group(2).strip()
    match = re.fullmatch(r"(.*\S)\s*\(([^()]*)\)", text)
    if match and is_unit(match.group(2)):
        return match.group(1), match.group(2).strip()
    # From the left, so that a unit such as mAh/g stays whole.
    for slash in (k for k, letter in enumerate(text) if letter == "/" and k):
        if is_unit(text[slash + 1 :]):
            return text[:slash].strip(), text[slash + 1 :].strip()
    match = re.fullmatch(r"(.+)_([^_]+)", text)
    if match and is_unit(match.group(2)):
        return match.group(1), match.group(2)
    return text, _WORDS_AS_UNITS.get(text.lower(), "")


def _plain(name: str) -> tuple[str, bool]:
    """Letters, digits and primes of a name, and whether it begins with a minus sign."""
    text = name.strip().lower().replace('"', "''").replace("′", "'").replace("″", "''")
    minus = text.startswith(("-", "−", "–", "neg", "minus"))
    text = re.sub(r"^(neg|minus)[\s_]*", "", text)
    return re.sub(r"[^a-z0-9']", "", text), minus


def _matches(role: str, header: str, unit: str) -> int | None:
    """Rank of a header among the spellings of a role, None for another meaning."""
    name, written = split_header(header)
    plain, minus = _plain(name)
    spelled = SPELLINGS[role].split()
    if plain not in spelled or (minus and role != "imaginary"):
        return None
    if not written:
        # Without a unit, T is a temperature and t a time.
        if plain == "t" and (name.strip() == "T") != (role == "temperature"):
            return None
        return spelled.index(plain)
    for target in (unit, *_PER_AREA.get(role, ())):
        try:
            conversion(written, target)
        except ValueError:
            continue
        return spelled.index(plain)
    return None


#: Role -> what it may be given as instead, times or over the electrode area.
_PER_AREA = {"current": ("A.m-2",), "real": ("Ohm.m2",), "imaginary": ("Ohm.m2",), "-Im": ("Ohm.m2",)}


def recognise(
    headers: Iterable[str],
    kind: str,
    given: Mapping[str, str | None],
    units: Mapping[str, str],
    name: str,
    area: float | None = None,
) -> list[Column]:
    """Columns of a time series or a spectrum.

    Parameters
    ----------
    headers : iterable of str
        Of the file.
    kind : {"series", "spectrum"}
    given : mapping
        Role -> header, where it is said; None leaves a role out.
    units : mapping
        Role -> unit, where it is said: goes before the header.
    name : str
        Of the data, for messages.
    area : float, optional
        Electrode area [cm2], for columns per area.

    Raises
    ------
    DataError
        For a role without a column, two columns for one, or a unit that does not fit.
    """
    headers = [str(header) for header in headers]
    found = []
    skip = {"-Im"} if kind == "spectrum" else set()
    for role, inside in KIND_ROLES[kind].items():
        if role in skip or given.get(role, "") is None:
            continue
        header = given.get(role) or ""
        minus = False
        if role == "imaginary" and given.get("-Im"):
            header, minus = str(given["-Im"]), True
        if header and header not in headers and not (header == STANDARD[role] and not minus):
            raise _missing(name, role, header, headers)
        if header not in headers:
            header = _find(headers, role, inside, name)
            if not header:
                if role in NEEDED[kind]:
                    raise _missing(name, role, STANDARD[role], headers)
                continue
        if role == "imaginary":
            minus = minus or ("imaginary" not in given and _plain(split_header(header)[0])[1])
        role = "-Im" if minus else role
        stated = units.get(role) or units.get("imaginary" if minus else role) or split_header(header)[1]
        # A column without a unit counts as in the unit inside.
        factor, offset = _factor(name, role, header, stated or inside, inside, area)
        found.append(Column(role, header, stated, factor, offset, inside, not stated))
    return found


def _missing(name: str, role: str, header: str, headers: list[str]) -> DataError:
    return DataError(
        f"{name}: no column {header!r} for {role}: it has {', '.join(headers)}. Rename it, or give columns ="
        f' {{{role} = "..."}}'
    )


def _find(headers: list[str], role: str, unit: str, name: str) -> str:
    ranked = [(rank, h) for h in headers if (rank := _matches(role, h, unit)) is not None]
    if not ranked:
        return ""
    best = min(rank for rank, _ in ranked)
    same = [h for rank, h in ranked if rank == best]
    if len(same) > 1:
        raise DataError(
            f"{name}: {same[0]!r} and {same[1]!r} both look like {role}: name one, columns = {{{role} ="
            f' "{same[0]}"}}'
        )
    return same[0]


def _factor(
    name: str, role: str, header: str, unit: str, inside: str, area: float | None
) -> tuple[float, float]:
    try:
        return conversion(unit, inside)
    except ValueError as error:
        for target in _PER_AREA.get(role, ()):
            try:
                factor, _ = conversion(unit, target)
            except ValueError:
                continue
            if area is None:
                raise DataError(
                    f"{name}: column {header!r} is per electrode area ({unit}): give area = ... in cm2"
                ) from None
            return (factor * area * 1e-4 if role == "current" else factor / (area * 1e-4)), 0.0
        raise DataError(f"{name}: column {header!r} for {role}: {error}, units = {{{role} = ...}}") from None
