"""The findings of :func:`assb.fitting.examine` as lines of text."""

from __future__ import annotations

from typing import Any

__all__ = ["to_text"]

#: Most steps, gaps and outliers shown.
SHOWN = 20


def to_text(found: dict[str, Any]) -> str:
    """Lines for a terminal."""
    lines = [f"{found['name']}: {_KINDS[found['kind']]}, read as {found['format']}"]
    for column in found["columns"]:
        if found["kind"] == "table":
            lines.append(f"  {column['role']} [{column['unit'] or '?'}]")
            continue
        unit = column["unit"] or f"no unit, taken for {column['unit_inside']}"
        factor = "" if column["factor"] == 1 else f", times {column['factor']:.6g}"
        offset = "" if column["offset"] == 0 else f", {column['offset']:+g}"
        lines.append(f"  {column['role']}: {column['header']!r} ({unit}{factor}{offset})")
    lines += {"series": _series, "spectrum": _spectrum, "table": _table}[found["kind"]](found)
    lines += [f"note: {note}" for note in found["notes"]]
    if found["duplicates"]:
        lines.append(f"repeated rows: {found['duplicates']}")
    lines += _listed("gap", found["gaps"])
    lines += _listed("outlier", found["outliers"])
    if found["remedies"]:
        lines += ["what to do:", *(f"  - {remedy}" for remedy in found["remedies"])]
    else:
        lines.append("nothing to do")
    return "\n".join(lines)


_KINDS = {"series": "time series", "spectrum": "impedance spectrum", "table": "table"}


def _listed(label: str, items: list[dict[str, Any]]) -> list[str]:
    lines = []
    for item in items[:SHOWN]:
        parts = [f"{k} {v:.6g}" if isinstance(v, float) else f"{k} {v}" for k, v in item.items()]
        lines.append(f"{label}: {', '.join(parts)}")
    return [*lines, f"... {len(items) - SHOWN} more"] if len(items) > SHOWN else lines


def _series(found: dict[str, Any]) -> list[str]:
    low, high = found["voltage_V"]
    smallest, largest = found["current_A"]
    lines = [
        f"{found['rows']} rows over {found['duration_s']:g} s, largest interval {found['largest_gap_s']:g} s",
        f"voltage {low:.4g} to {high:.4g} V, current {smallest:.4g} to {largest:.4g} A (discharge positive;"
        f" {found['current_positive_in_file']} positive in the file)",
    ]
    for key, unit in (("pressure_MPa", "MPa"), ("temperature_C", "C")):
        if key in found:
            lines.append(f"{key.split('_')[0]} {found[key][0]:.5g} to {found[key][1]:.5g} {unit}")
    steps = found["steps"]
    tolerance = found["step_tolerance_A"]
    lines.append(
        f"{len(steps)} steps of constant current"
        + (f", rows within {tolerance:.3g} A of their median" if tolerance else "")
    )
    lines += [
        f"  {step['duration_s']:10.6g} s at {step['current_A']:+.4g} A ({step['charge_mAh']:+.4g} mAh)"
        for step in steps[:SHOWN]
    ]
    return [*lines, f"  ... {len(steps) - SHOWN} more steps"] if len(steps) > SHOWN else lines


def _spectrum(found: dict[str, Any]) -> list[str]:
    (low, high), (re0, re1), (im0, im1) = (found[k] for k in ("frequency_Hz", "real_Ohm", "imaginary_Ohm"))
    density = found["rows_per_decade"]
    lines = [
        f"{found['rows']} rows from {low:.4g} to {high:.4g} Hz"
        + (f", {density:.3g} per decade" if density else ""),
        f"Re Z {re0:.5g} to {re1:.5g} Ohm, Im Z {im0:.5g} to {im1:.5g} Ohm (negative for a capacitor;"
        f" {found['sign_in_file']} in the file)",
    ]
    if "kramers_kronig_rms" in found:
        lines.append(f"Kramers-Kronig residual {100 * found['kramers_kronig_rms']:.2f} % rms")
    return lines


def _table(found: dict[str, Any]) -> list[str]:
    lines = [f"{found['rows']} rows"]
    for name, ends in found["ranges"].items():
        if ends is not None:
            lines.append(f"  {name}: {ends[0]:.5g} to {ends[1]:.5g}")
    return lines
