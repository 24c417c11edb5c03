"""Measured impedance of two NCM | Li6PS5Cl | In-Li cells: physics, circuit, Kramers-Kronig; then a pulse record.

Run: python examples/real_spectra.py [--cell 1|2|both] [--kind ideal|dispersed|both] [--starts N] [--json FILE]
Several minutes with the default starts. docs/real_spectra.md shows the result.

The spectra are figures of a public record that ship with the package. The record of current pulses is found
through the environment variable ASSB_DATA (`--pulses`), and left out without it.
"""

from __future__ import annotations

import argparse
import json
import os
from pathlib import Path

import numpy as np
import pybamm

import assb
from assb.fitting import (
    CorrelatedNoise,
    Dataset,
    LogNormal,
    Normal,
    Problem,
    Spectrum,
    Tied,
    WhiteNoise,
    calibrate,
    fit_circuit,
    lin_kk,
)

SEED = 5
#: The range of the fit [Hz]; above, leads and the bulk of the separator, which the model does not have.
HIGHEST = 1.1e6
#: Rest voltages against In-Li [V], of the full public record.
REST = {"ncm_inli_cell1": 2.9669, "ncm_inli_cell2": 3.0624}

# The double layer of the foil stands for all that is slow at In-Li, because it is a state of the model in time;
# what relaxes within a millisecond (separator, contacts, film) is a resistance there.
AREA = "Electrode area [m2]"
NETWORK = "Positive electrode ionic tortuosity factor"
DIFFUSIVITY = "Positive particle diffusivity at stoichiometry 0.9 [m2.s-1]"
FILM, FILM_C = "Negative electrode interface resistance [Ohm.m2]", "Negative electrode film capacitance [F.m-2]"
I0_N, C_N = (
    "Negative electrode exchange-current density [A.m-2]",
    "Negative electrode double-layer capacity [F.m-2]",
)
CONTACT, CONTACT_C = (
    "Positive electrode contact constriction resistance [Ohm.m2]",
    "Positive electrode contact constriction capacitance [F.m-2]",
)
I0_P, C_P = (
    "Positive electrode reference exchange-current density [A.m-2]",
    "Positive electrode double-layer capacity [F.m-2]",
)

#: Twelve unknowns. Written before the first fit of the model, and left.
PRIORS = {
    AREA: LogNormal(
        median=0.785e-4,
        factor=1.5,
        source="not recorded; 10 mm dies are common. Also takes up thickness and conductivity of the separator",
    ),
    NETWORK: LogNormal(
        median=6.5,
        factor=2.0,
        source="0.15 to 0.18 mS/cm at 70:30 by mass (Song 2022), 0.10 between 60:40 and 80:20 (Minnmann 2021);"
        " factor 2 because the thickness is not recorded either",
    ),
    "Separator grain capacitance [F.m-2]": LogNormal(
        median=3e-5, factor=3.0, source="grain boundaries relax at about 1e-7 s"
    ),
    I0_N: LogNormal(median=5.0, factor=5.0, source="assumption: 50 ohm cm2 of slow processes at In-Li"),
    C_N: LogNormal(
        median=30.0, factor=5.0, source="assumption: In-Li relaxes at 0.1 to 1 s; an effective capacitance"
    ),
    FILM: LogNormal(median=1.3e-3, factor=4.0, source="assumption: interphase at In-Li, 13 ohm cm2"),
    FILM_C: LogNormal(median=0.1, factor=4.0, source="assumption: 10 uF/cm2, relaxes at 1e-4 s"),
    CONTACT: LogNormal(median=2e-3, factor=4.0, source="assumption: contacts within the composite, 20 ohm cm2"),
    CONTACT_C: LogNormal(median=3e-3, factor=5.0, source="contacts relax at 1e-6 to 1e-4 s (Oh 2026)"),
    I0_P: LogNormal(median=1.0, factor=5.0, source="0.1 to 10 A/m2 of true contact span sulfide cells"),
    C_P: LogNormal(median=0.1, factor=4.0, source="assumption: 10 uF/cm2 of true contact"),
    DIFFUSIVITY: LogNormal(
        median=1e-16,
        factor=10.0,
        source="slow near full lithiation; the slope of the open-circuit curve there, uncertain by a factor of"
        " three, enters squared",
    ),
}
#: One diffusivity for all stoichiometries: one spectrum sees one.
TIES = {
    f"Positive particle diffusivity at stoichiometry {knot} [m2.s-1]": Tied(to=DIFFUSIVITY)
    for knot in (0.4, 0.65)
}
EXPONENTS = {
    name: Normal(mean=0.8, sd=0.12, lower=0.3, upper=1.0, source="arcs of solid cells, 0.6 to 0.95")
    for name in (
        "Negative electrode interface dispersion exponent",
        "Positive electrode interface dispersion exponent",
    )
}
#: Exponents that stay: of the arcs whose flanks alone lie in the record.
FIXED_EXPONENTS = {
    "Separator dispersion exponent": 0.8,
    "Positive electrode contact constriction dispersion exponent": 0.9,
    "Negative electrode film dispersion exponent": 0.9,
}
NOISE = WhiteNoise(
    LogNormal(median=0.01, factor=3.0, source="repeatability 0.1 to 0.2 %, model error above it"),
    "Impedance",
    "-",
)

OPTIONS = {
    "surface form": "differential",
    "contact": "pressure",
    "contact constriction": "flux tube",
    "interphase": "none",
    "space charge": "none",
    "ionic network": "measured",
    "electronic network": "measured",
    "network pressure": "none",
    "stack pressure": "constant pressure",
    "stripping": "none",
}


class GradedDFN(assb.models.DFN):
    """The DFN on a mesh that resolves what high frequencies see: surfaces and the side of the separator.

    At 1 Hz lithium moves some nm into a particle, and at 1 MHz the current enters the double layer of the
    first 0.1 um of the electrode.
    """

    @property
    def default_submesh_types(self) -> dict:
        """Finite volumes, narrow at the surfaces."""
        types = super().default_submesh_types
        return types | {
            "positive electrode": pybamm.MeshGenerator(
                pybamm.Exponential1DSubMesh, {"side": "left", "stretch": 5.0}
            ),
            "positive particle": pybamm.MeshGenerator(
                pybamm.Exponential1DSubMesh, {"side": "right", "stretch": 9.0}
            ),
        }


VAR_PTS = {"x_p": 24, "r_p": 24, "x_n": 2, "r_n": 2}


def cell(rest: float) -> pybamm.ParameterValues:
    """The cell, but for what is fitted: what the record states, else typical values.

    Parameters
    ----------
    rest : float
        Voltage against In-Li at rest [V].
    """
    values = assb.parameters.build(
        "NCM811",
        "Li6PS5Cl",
        "InLi",
        composition={"active material": 70, "solid electrolyte": 30},
        positive_thickness=50e-6,  # 10 mg/cm2 of active material, as of the cell of the pulse record
        separator_thickness=800e-6,  # 100 mg pellet, as of the laboratory's blocking cell
        temperature=298.15,
        stack_pressure=50.0,
    )
    electronic = 0.093  # S/m: 0.51 mS/cm at 20 MPa (Song 2022) times (50/20)**0.66
    values["Positive electrode electronic tortuosity factor"] = (
        values["Positive electrode conductivity [S.m-1]"]
        * values["Positive electrode electronic network volume fraction"]
        / electronic
    )
    potential = assb.parameters.materials.POSITIVE["NCM811"]["Positive electrode OCP [V]"].value.law
    y = np.linspace(0.5, 0.98, 4801)
    values["Initial stoichiometry in positive electrode"] = float(
        y[np.argmin(np.abs(potential(y) - rest - values["Negative electrode potential [V]"]))]
    )
    values.update(FIXED_EXPONENTS)
    values.update({name: prior.median for name, prior in PRIORS.items()})
    values.update({name: values[DIFFUSIVITY] for name in TIES})
    return values


def spectrum_problem(name: str, dispersed: bool, var_pts: dict | None = None) -> Problem:
    """Calibration of one embedded spectrum.

    Parameters
    ----------
    name : str
        Of the record.
    dispersed : bool
        Constant-phase exponents, two of them fitted; ideal capacitors otherwise.
    var_pts : dict, optional
        Mesh points.
    """
    values = cell(REST[name])
    priors = {**PRIORS, **TIES}
    if dispersed:
        priors |= EXPONENTS
        values.update({exponent: prior.mean for exponent, prior in EXPONENTS.items()})
    else:
        values.update(dict.fromkeys([*FIXED_EXPONENTS, *EXPONENTS], 1.0))
    data = Spectrum.embedded(name).between(0, HIGHEST)
    return Problem(
        GradedDFN(OPTIONS),
        values,
        [data],
        priors,
        {"impedance": NOISE},
        threads=1,
        arcs="all",
        var_pts=var_pts or VAR_PTS,
    )


def relative_error(problem: Problem, estimate) -> float:
    """Root mean square of |dZ|/|Z| of a calibrated spectrum."""
    data = problem.datasets[0]
    rows = estimate.predictions_[data.name]
    n = len(data.frequency)
    misfit = rows[:n] + 1j * rows[n:] - data.impedance
    return float(np.sqrt(np.mean(np.abs(misfit / data.impedance) ** 2)))
