"""The parts of ``assb init`` about several records: [[data]] tables, noise of each kind, discrepancy."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from assb.fitting.data_files import kind_of
from assb.fitting.dataset import COLUMNS, DataError, Dataset
from assb.fitting.schema import DataConfig
from assb.fitting.spectrum import Spectrum

__all__ = ["DISCREPANCY", "DOUBLE_LAYER", "SCOPES", "noise_tables", "read_record", "several_data"]

#: What a spectrum sees beside the resistances.
DOUBLE_LAYER = (
    (
        "Positive electrode double-layer capacity [F.m-2]",
        {"prior": "log-normal", "median": 0.1, "factor": 5.0},
        "assumption: 10 uF/cm2 of true contact area",
    ),
)
DISCREPANCY = """
[discrepancy]                   # what the model may get wrong, beside the parameters above
open_circuit_terms = 1          # correction of the open-circuit curve: terms 2, 3, ... of a cosine series
sd_mV = 40.0                    # open-circuit curves from liquid cells carry about 40 mV of uncertainty
cell_spread = false             # true: every cell has a correction of its own about a common mean
"""
SCOPES = """\
# Each may have scope = "shared" (as it is without one), "per data set", "per cell", or "pooled" (cells are
# members of a population; spread_median and spread_factor give the prior of its spread). A parameter that follows
# another has no prior but: tied_to = "NAME OF THE OTHER", factor = 1.0
"""
PRESSURE_NOISE = """
[noise.pressure]
sd_median_MPa = 0.02            # or sd_MPa, a known size
sd_factor = 3.0
"""
IMPEDANCE_NOISE = """
[noise.impedance]
distribution = "normal"         # student: heavy tails, so that a few outliers do not matter
sd_median_percent = 1.0         # of the magnitude; or sd_percent, a known size
sd_factor = 2.5
"""


def read_record(path: Path, columns: Mapping[str, str]) -> Dataset | Spectrum:
    """A file as a time series, or as a spectrum if its columns say so; `columns` are those of time series.

    Raises
    ------
    DataError
        For a file that is neither.
    """
    try:
        kind = kind_of(DataConfig(file=path.name), path)
    except DataError:
        # Perhaps a time series under other names; if not, its own error names the column that is missing.
        kind = "series"
    if kind == "spectrum":
        return Spectrum.from_csv(path)
    return Dataset.from_csv(path, columns or None)


def several_data(records: Sequence[Dataset | Spectrum], columns: Mapping[str, str]) -> str:
    """The [[data]] tables of several records."""
    head = """\
# One [[data]] table a record. Beside file each may have: name; cell = "..." (for parameters with the scope
# "per cell" or "pooled"); settings = { "Stack pressure [MPa]" = 20.0 } (parameters with a value of their own here);
# shifts = { "Initial stoichiometry in positive electrode" = -0.2 } (moved by, such as the charge passed before);
# noise = { distribution = "student" } (a scatter of its own).
"""
    return head + "\n".join(_table(each, columns) for each in records)


def _table(record: Dataset | Spectrum, columns: Mapping[str, str]) -> str:
    lines = ["[[data]]", f'file = "{record.name}"']
    if isinstance(record, Spectrum):
        low, high = record.frequency.min(), record.frequency.max()
        lines += [
            'kind = "spectrum"',
            f"# {len(record.frequency)} frequencies from {low:.3g} to {high:.3g} Hz",
        ]
    else:
        lines.append('kind = "series"')
        other = {role: name for role, name in columns.items() if name != COLUMNS[role]}
        if other:
            inside = ", ".join(f'{role} = "{name}"' for role, name in other.items())
            lines.append(f"columns = {{ {inside} }}")
        pressure = ", stack pressure" if record.pressure is not None else ""
        lines.append(
            f"# {len(record.time)} rows over {record.time[-1]:.6g} s: current, voltage{pressure}; read as"
            f" {len(record.steps)} steps of constant current"
        )
    return "\n".join(lines) + "\n"


def noise_tables(records: Sequence[Dataset | Spectrum]) -> str:
    """Noise of the kinds of data beside voltage that there are."""
    pressure = any(isinstance(each, Dataset) and each.pressure is not None for each in records)
    spectra = any(isinstance(each, Spectrum) for each in records)
    return (PRESSURE_NOISE if pressure else "") + (IMPEDANCE_NOISE if spectra else "")
