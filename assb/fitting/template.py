"""The commented CONFIG.toml that ``assb init`` writes: the way in for one's own cell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from assb.fitting.dataset import COLUMNS, Dataset
from assb.fitting.spectrum import Spectrum
from assb.fitting.template_data import (
    DISCREPANCY,
    DOUBLE_LAYER,
    SCOPES,
    noise_tables,
    read_record,
    several_data,
)
from assb.parameters.materials import COMPOSITE_NEGATIVES, PLATEAU

#: When the thickness is not given: share of the stoichiometry change read off the terminal voltage that is
#: real (the rest is overpotential), and connected share of the active material.
REAL_SHARE = 0.7
ASSUMED_FRACTION = 0.85
#: Thickness [um] where there is neither a measurement nor a charge to guess it from.
NO_SERIES_THICKNESS = 30.0


@dataclass(frozen=True)
class CellSketch:
    """What a user says of a cell on the command line; None means "not known".

    Lengths in um, area in cm2, pressure in MPa, temperature in C.
    """

    positive: str = "NCM811"
    electrolyte: str = "Li6PS5Cl"
    negative: str = "InLi"
    area: float = 0.785
    thickness: float | None = None
    separator: float = 600.0
    radius: float = 2.5
    composition: tuple[float, float, float] = (70.0, 27.0, 3.0)
    void: float = 0.12
    temperature: float = 25.0
    pressure: float = 50.0
    columns: dict[str, str] = field(default_factory=dict)


def write_template(data_path: Path | Sequence[Path], sketch: CellSketch) -> str:
    """Text of a CONFIG.toml that runs as it is.

    Parameters
    ----------
    data_path : Path or sequence of Path
        CSV files, time series or spectra; they are read and checked. Charge and start are taken from the first
        time series.
    sketch : CellSketch

    Returns
    -------
    str

    Raises
    ------
    DataError, ValueError
        For a bad record, an unknown material or an impossible recipe.
    """
    paths = [data_path] if isinstance(data_path, Path) else list(data_path)
    records = [read_record(path, sketch.columns) for path in paths]
    from assb.parameters import materials

    for role, name, known in (
        ("positive", sketch.positive, materials.POSITIVE),
        ("electrolyte", sketch.electrolyte, materials.ELECTROLYTE),
        ("negative", sketch.negative, materials.NEGATIVE),
    ):
        if name not in known:
            raise ValueError(f"{role} = {name!r} is not a known material: use one of {', '.join(known)}")
    for role, value in (
        ("area", sketch.area),
        ("thickness", sketch.thickness if sketch.thickness is not None else 1.0),
        ("separator", sketch.separator),
        ("radius", sketch.radius),
    ):
        if not value > 0:
            raise ValueError(f"{role} = {value:g}: it must be positive")
    series = [each for each in records if isinstance(each, Dataset)]
    state = _first_state(series[0], sketch) if series else _State(NO_SERIES_THICKNESS, 0.9, None)
    return _text(records, sketch, state)


@dataclass(frozen=True)
class _State:
    """What the first time series says of the cell: thickness [um], stoichiometry, charge passed [A.h]."""

    thickness: float
    start: float
    passed: float | None


def _first_state(data: Dataset, sketch: CellSketch) -> _State:
    charges = [abs(duration * current) / 3600 for duration, current in data.steps]
    passed = max(charges)
    if passed == 0:
        raise ValueError(f"{data.name}: no current flows: a calibration needs a charge or a discharge")
    plateau = PLATEAU[sketch.negative]
    start = _stoichiometry(float(data.voltage[0]) + plateau, sketch.positive)
    step = data.voltage[data.block == charges.index(passed)] + plateau
    first, last = (_stoichiometry(float(value), sketch.positive) for value in (step[0], step[-1]))
    span = REAL_SHARE * abs(first - last)
    thickness = sketch.thickness or _guess_thickness(sketch, passed, min(max(span, 0.05), 0.8))
    return _State(thickness, start, passed)


def _guess_thickness(sketch: CellSketch, passed: float, span: float) -> float:
    """Thickness [um] at which the charge passed [A.h] changes the stoichiometry by `span`."""
    values = _fractions(sketch)
    density = 96485.33 * values["c_max"] * values["active"] * sketch.area * 1e-4
    return 1e6 * passed * 3600 / (density * span * ASSUMED_FRACTION)


def _fractions(sketch: CellSketch) -> dict[str, float]:
    from assb.parameters import materials, volume_fractions

    oxide, sulfide = materials.POSITIVE[sketch.positive], materials.ELECTROLYTE[sketch.electrolyte]
    shares = volume_fractions(
        dict(zip(("active material", "solid electrolyte", "carbon"), sketch.composition, strict=True)),
        {
            "active material": oxide["density [g.cm-3]"].value,
            "solid electrolyte": sulfide["density [g.cm-3]"].value,
            "carbon": materials.CARBON["density [g.cm-3]"].value,
        },
        sketch.void,
    )
    c_max = oxide["Maximum concentration in positive electrode [mol.m-3]"].value
    return {"active": shares.active_material, "c_max": c_max}


def _stoichiometry(potential: float, positive: str) -> float:
    """Stoichiometry of a positive material whose open-circuit potential [V vs Li] is closest."""
    from assb.parameters import materials

    law = materials.POSITIVE[positive]["Positive electrode OCP [V]"].value.law
    y = np.linspace(0.25, 0.95, 701)
    return float(y[np.argmin(np.abs(law(y) - potential))])


def _text(records: Sequence[Dataset | Spectrum], sketch: CellSketch, state: _State) -> str:
    thickness, start, passed = sketch.thickness or state.thickness, state.start, state.passed
    several = len(records) > 1 or not isinstance(records[0], Dataset)
    spectra = any(isinstance(each, Spectrum) for each in records)
    am, se, carbon = sketch.composition
    alloy = sketch.negative == "InLi"
    composite = sketch.negative in COMPOSITE_NEGATIVES
    blocks = [*_COMMON, *(_FOIL if alloy else _INTERFACE), *(DOUBLE_LAYER if spectra else ())]
    blocks += [] if several else _CORRECTION
    parameters = "\n".join(_parameter(block, start) for block in blocks)
    guess = "" if sketch.thickness else "  # a guess from the charge passed: measure it"
    if passed is None and not sketch.thickness:
        guess = "  # a guess: measure it"
    stripping = (
        '"stripping" = "depletion"      # depletion | none (resistance of the foil as it empties)\n'
        if alloy
        else ""
    )
    negative = (
        f'"negative" = "composite"       # {sketch.negative} is a porous electrode\n' if composite else ""
    )
    surface = '"surface form" = "differential" # double layers, which a spectrum needs\n' if spectra else ""
    capacity = (
        ""
        if passed is None
        else f"nominal_capacity_mAh = {passed * 1e3:.6g}    # largest charge passed in one step of the record\n"
    )
    names = ", ".join(each.name for each in records)
    data = several_data(records, sketch.columns) if several else _one_record(records[0], sketch)
    noise = noise_tables(records)
    discrepancy = DISCREPANCY if several else ""
    scopes = SCOPES if several else ""
    return f"""# Calibration of {names}. Every line may be changed; 'assb list options' explains the options,
# 'assb list parameters' the parameters. Run with: assb calibrate THIS_FILE --out results
title = "{sketch.positive} | {sketch.electrolyte} | {sketch.negative}, {names}"
seed = 0

[model]
name = "SPM"                    # SPM (fast) or DFN (resolves the thickness)

[model.options]
{negative}"contact" = "pressure and damage"
"interphase" = "mixed"
"space charge" = "depletion"
"stack pressure" = "spring"     # spring | constant pressure | constant volume
{stripping}{surface}
[cell.build]
positive = "{sketch.positive}"
electrolyte = "{sketch.electrolyte}"
negative = "{sketch.negative}"
area_cm2 = {sketch.area:.6g}
positive_thickness_um = {thickness:.6g}{guess}
separator_thickness_um = {sketch.separator:.6g}
composition = {{ "active material" = {am:g}, "solid electrolyte" = {se:g}, carbon = {carbon:g} }}  # by mass
void_fraction = {sketch.void:.6g}            # pores, not the electrolyte share
particle_radius_um = {sketch.radius:.6g}
{capacity}temperature_C = {sketch.temperature:.6g}
stack_pressure_MPa = {sketch.pressure:.6g}
initial_stoichiometry = {start:.4f}

[cell.values]
# Any parameter by name, for example:
# "Fixture stiffness [MPa.um-1]" = 0.7

{data}
# Priors. Write them down, with their source, before the first fit, and leave them.
{scopes}{parameters}
[noise]                         # log-normal priors; all are sampled
sd_median_mV = 5.0
sd_factor = 2.5
correlation_time_median_s = 300.0
correlation_time_factor = 3.0
white = false                   # true adds a white part beside the correlated one
{noise}{discrepancy}
[calibration]
starts = 8
backend = "auto"                # compiled where there is a C compiler, IDAKLU otherwise

[sampling]
enabled = true
walkers = 32
max_steps = 40000
thin = 5
"""


def _one_record(data: Dataset | Spectrum, sketch: CellSketch) -> str:
    assert isinstance(data, Dataset)
    columns = "".join(f'{role} = "{name}"\n' for role, name in {**COLUMNS, **sketch.columns}.items())
    steps = "\n".join(f"#   [{duration:.6g}, {current:.6g}]," for duration, current in data.steps[:8])
    return f"""[data]
file = "{data.name}"
# The current was read as the steps below (duration [s], current [A], discharge positive). Switches are
# taken midway between rows; give exact ones here if you know them:
# steps = [
{steps}
# ]

[data.columns]
{columns}"""


_COMMON = (
    (
        "Initial stoichiometry in positive electrode",
        {"prior": "normal", "mean": None, "sd": 0.05, "lower": 0.2, "upper": 0.99},
        "potential of the active material inverted at the first row; 40 mV of uncertainty is 0.05",
    ),
    (
        "Positive electrode active fraction",
        {"prior": "normal", "mean": 0.85, "sd": 0.15, "lower": 0.3, "upper": 1.0},
        "assumption: connected share of the active material",
    ),
    *(
        (
            f"Positive particle diffusivity at stoichiometry {knot} [m2.s-1]",
            {"prior": "log-normal", "median": median, "factor": 5.0},
            "apparent diffusivities in sulfide cells, 1e-16 to 1e-14 m2/s",
        )
        for knot, median in ((0.4, 1e-15), (0.65, 1e-15), (0.9, 3e-16))
    ),
    (
        "Positive electrode interface resistance [Ohm.m2]",
        {"prior": "log-normal", "median": 0.02, "factor": 5.0},
        "assumption: 200 ohm cm2 of true contact area",
    ),
    (
        "Solid electrolyte conductivity [S.m-1]",
        {"prior": "log-normal", "median": 0.15, "factor": 1.5},
        "Li6PS5Cl pellets at 25 C, 0.9 to 1.9 mS/cm",
    ),
)
_FOIL = (
    (
        "Negative electrode stripping resistance [Ohm.m2]",
        {"prior": "log-normal", "median": 0.05, "factor": 5.0},
        "assumption: 500 ohm cm2 once the accessible lithium is used up",
    ),
    (
        "Negative electrode stripping charge scale [mA.h.cm-2]",
        {"prior": "log-normal", "median": 0.1, "factor": 2.0},
        "assumption: foil layer that solid diffusion reaches within hours",
    ),
)
_INTERFACE = (
    (
        "Negative electrode interface resistance [Ohm.m2]",
        {"prior": "log-normal", "median": 0.001, "factor": 5.0},
        "assumption: 10 ohm cm2 of true contact area",
    ),
)
_CORRECTION = (
    (
        "Positive electrode OCP correction 2 [V]",
        {"prior": "normal", "mean": 0.0, "sd": 0.04},
        "open-circuit curves from liquid cells carry about 40 mV of uncertainty",
    ),
)


def _parameter(block, start: float) -> str:
    name, prior, source = block
    lines = ["[[parameters]]", f'name = "{name}"']
    for key, value in prior.items():
        value = round(start, 4) if value is None else value
        lines.append(f'{key} = "{value}"' if isinstance(value, str) else f"{key} = {value!r}")
    return "\n".join([*lines, f'source = "{source}"']) + "\n"
