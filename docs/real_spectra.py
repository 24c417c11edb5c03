"""Measured impedance of two NCM | Li6PS5Cl | In-Li cells: physics, circuit, Kramers-Kronig.

Run: python docs/real_spectra.py [--cell 1|2|both] [--kind ideal|dispersed|both] [--starts N] [--json FILE]
Several minutes with the default starts. docs/real_spectra.md shows the result.

The spectra are figures of a public record that ship with the package. docs/real_pulses.py goes on with a
record of current pulses of another cell of the kind.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np
import pybamm

import assb
from assb.fitting import (
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
FILM, FILM_C = (
    "Negative electrode interface resistance [Ohm.m2]",
    "Negative electrode film capacitance [F.m-2]",
)
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
    CONTACT: LogNormal(
        median=2e-3, factor=4.0, source="assumption: contacts within the composite, 20 ohm cm2"
    ),
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
#: Shares of the prior median at which :func:`network_profile` holds the network.
NETWORK_FACTORS = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
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
COARSE = {**VAR_PTS, "x_p": 10, "r_p": 12}
FINEST = {**VAR_PTS, "x_p": 48, "r_p": 48}


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
    values.update(dict.fromkeys(TIES, values[DIFFUSIVITY]))
    return values


def spectrum_problem(
    name: str,
    dispersed: bool,
    var_pts: dict | None = None,
    start: dict[str, float] | None = None,
    held: str = "",
) -> Problem:
    """Calibration of one embedded spectrum.

    Parameters
    ----------
    name : str
        Of the record.
    dispersed : bool
        Constant-phase exponents, two of them fitted; ideal capacitors otherwise.
    var_pts : dict, optional
        Mesh points.
    start : dict, optional
        Where the first start lies; otherwise at the medians of the priors.
    held : str, optional
        Parameter that is not fitted.
    """
    values = cell(REST[name])
    priors = {**PRIORS, **TIES}
    if dispersed:
        priors |= EXPONENTS
        values.update({exponent: prior.mean for exponent, prior in EXPONENTS.items()})
    else:
        values.update(dict.fromkeys([*FIXED_EXPONENTS, *EXPONENTS], 1.0))
    values.update({key: value for key, value in (start or {}).items() if key in priors})
    values.update({key: values[tie.to] for key, tie in TIES.items()})
    priors.pop(held, None)
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


def fit_spectrum(name: str, dispersed: bool, starts: int = 16, progress=None) -> tuple[Problem, object]:
    """Problem and estimate: many starts on a coarse mesh, the best of them followed on the fine one."""
    coarse = spectrum_problem(name, dispersed, COARSE)
    first = calibrate(coarse, seed=SEED, starts=starts, progress=progress)
    problem = spectrum_problem(name, dispersed, start=first.parameters_)
    estimate = calibrate(problem, seed=SEED, starts=1, progress=progress)
    estimate.starts_ = [*first.starts_, *estimate.starts_]
    return problem, estimate


def on_finest_mesh(name: str, dispersed: bool, estimate) -> float:
    """Root mean square of |dZ|/|Z| of the estimate on a mesh twice as fine: what the mesh leaves open."""
    problem = spectrum_problem(name, dispersed, FINEST)
    rows = problem.predict(estimate.z_[: len(problem.names)])[0][0]
    return rms(problem.datasets[0], rows)


def rms(data: Spectrum, rows: np.ndarray) -> float:
    """Root mean square of |dZ|/|Z|; `rows` are real, then imaginary parts."""
    n = len(data.frequency)
    misfit = rows[:n] + 1j * rows[n:] - data.impedance
    return float(np.sqrt(np.mean(np.abs(misfit / data.impedance) ** 2)))


def network_resistance(values: dict[str, float]) -> float:
    """Resistance of the electrolyte network L/(kappa A) [Ohm] at fitted values."""
    about = cell(REST["ncm_inli_cell1"])
    kappa = (
        about["Solid electrolyte conductivity [S.m-1]"]
        * about["Positive electrode solid electrolyte volume fraction"]
        / values[NETWORK]
    )
    return about["Positive electrode thickness [m]"] / (kappa * values[AREA])


def summary(name: str, kinds: list[str], starts: int, progress=None) -> dict:
    """All numbers of one cell: fits, circuits with as many numbers, Kramers-Kronig floor."""
    data = Spectrum.embedded(name).between(0, HIGHEST)
    found: dict = {"rows": len(data.frequency), "lin_kk_rms": lin_kk(data).rms}
    for kind in kinds:
        dispersed = kind == "dispersed"
        problem, estimate = fit_spectrum(name, dispersed, starts, progress)
        # Twelve numbers: five ideal arcs; fourteen: four with exponents; both with resistance and Warburg.
        circuit = fit_circuit(data, 4 if dispersed else 5, exponents=dispersed, seed=SEED)
        seen = estimate.identifiability_
        n = len(problem.names)
        found[kind] = {
            "count": n,
            "rms": rms(data, estimate.predictions_[name]),
            "rms_on_finest_mesh": on_finest_mesh(name, dispersed, estimate),
            "circuit_count": circuit.count,
            "circuit_rms": circuit.rms,
            "network_resistance_Ohm": network_resistance(estimate.parameters_),
            "parameters": estimate.parameters_,
            "sd": estimate.sd_,
            "distance_from_prior_sd": dict(zip(problem.names, map(float, estimate.z_[:n]), strict=True)),
            "shrinkage": seen.to_dict()["shrinkage"],
            "singular_values": seen.to_dict()["singular_values"],
            "least_seen": least_seen(seen),
            "log_posterior_of_starts": [each["log_posterior"] for each in estimate.starts_],
            "seconds": estimate.seconds,
            "impedance": [[float(re), float(im)] for re, im in estimate.predictions_[name].reshape(2, -1).T],
        }
        if dispersed:
            found[kind]["network_profile"] = network_profile(name, dispersed, estimate.parameters_)
    return found


def network_profile(name: str, dispersed: bool, parameters: dict[str, float]) -> list[dict[str, float]]:
    """The relative error with the network held at shares of its prior median, all else fitted anew.

    From the estimate, on the coarse mesh: what the network must be, and what the other parameters can take
    over from it.
    """
    found = []
    for factor in NETWORK_FACTORS:
        start = {**parameters, NETWORK: factor * PRIORS[NETWORK].median}
        problem = spectrum_problem(name, dispersed, COARSE, start, held=NETWORK)
        estimate = calibrate(problem, seed=SEED, starts=1)
        error = rms(problem.datasets[0], estimate.predictions_[name])
        resistance = network_resistance({**start, **estimate.parameters_})
        found.append({"tortuosity_factor": start[NETWORK], "resistance_Ohm": resistance, "rms": error})
    return found


def least_seen(seen) -> dict[str, float]:
    """The combination of parameters that the data see least: its largest members, in prior sd."""
    vector = np.asarray(seen.to_dict()["vectors"]).reshape(len(seen.names), -1)[-1]
    order = np.argsort(-np.abs(vector))[:4]
    return {seen.names[k]: float(vector[k]) for k in order}


def main() -> None:
    """Make the numbers and print them."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cell", choices=("1", "2", "both"), default="both")
    parser.add_argument("--kind", choices=("ideal", "dispersed", "both"), default="both")
    parser.add_argument("--starts", type=int, default=16)
    parser.add_argument("--json", type=Path, help="write all numbers here")
    arguments = parser.parse_args()
    names = [name for name in REST if arguments.cell in ("both", name[-1])]
    kinds = ["ideal", "dispersed"] if arguments.kind == "both" else [arguments.kind]
    cells = {}
    for name in names:
        cells[name] = summary(name, kinds, arguments.starts, print)
        print(f"{name}: Kramers-Kronig residual {100 * cells[name]['lin_kk_rms']:.2f} %")
        for kind in kinds:
            each = cells[name][kind]
            print(
                f"  {kind}, {each['count']} parameters: {100 * each['rms']:.2f} %"
                f" (circuit with {each['circuit_count']}: {100 * each['circuit_rms']:.2f} %)"
            )
            for parameter, value in each["parameters"].items():
                moved = each["distance_from_prior_sd"].get(parameter)
                print(
                    f"    {parameter} = {value:.3g}" + ("" if moved is None else f" ({moved:+.1f} prior sd)")
                )
    if arguments.json:
        arguments.json.write_text(json.dumps({"cells": cells}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
