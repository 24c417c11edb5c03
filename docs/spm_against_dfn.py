"""How far the SPM is from the DFN when the network is poor: the table of docs/mechanisms/porous_electrode.md.

Run: python docs/spm_against_dfn.py

The In-Li cell with its ionic tortuosity factor raised, at rest, then half of its nominal capacity in one step,
charged from stoichiometry 0.865 or discharged from 0.45. Root mean square of the voltage difference over the time
that both models run.
"""

from __future__ import annotations

import warnings

import numpy as np

import assb
from assb.models import DFN, SPM

FACTORS = (None, 30.0, 100.0, 220.0)
STEPS = {
    "C/2 charge": (0.865, "Charge at C/2 for 1 hour"),
    "2C charge": (0.865, "Charge at 2C for 15 minutes"),
    "2C discharge": (0.45, "Discharge at 2C for 15 minutes"),
}
OPTIONS = {"ionic network": "measured"}
NU = "Positive electrode Thiele number"


def cell(factor: float | None, start: float):
    """Parameter values of the In-Li cell with a tortuosity factor."""
    values = assb.parameters.get("NCM811_LPSCl_InLi")
    values.update({"Initial stoichiometry in positive electrode": start})
    if factor is not None:
        values.update({"Positive electrode ionic tortuosity factor": factor})
    return values


def difference(values, step: str, options: dict[str, str], reference) -> tuple[float, float, float]:
    """Root mean square of the difference [mV], largest Thiele number, share of the step that both ran."""
    solution = assb.simulate(SPM(OPTIONS | options), values, step)
    end = min(solution.t[-1], reference.t[-1])
    time = np.linspace(0, end, 400)[1:]
    error = solution["Voltage [V]"](time) - reference["Voltage [V]"](time)
    share = end / (3600 if "hour" in step else 900)
    return 1e3 * float(np.sqrt(np.mean(error**2))), float(np.max(solution[NU].entries)), share


def main() -> None:
    """Print the rows."""
    warnings.simplefilter("ignore", assb.models.ThieleWarning)
    points = {"x_p": 50}
    for factor in FACTORS:
        for name, (start, step) in STEPS.items():
            values = cell(factor, start)
            mesh = DFN(OPTIONS).default_var_pts | points
            reference = assb.simulate(DFN(OPTIONS), values, step, var_pts=mesh)
            linear, nu, share = difference(values, step, {}, reference)
            modes, _, _ = difference(values, step, {"reaction distribution": "nonlinear modes"}, reference)
            print(
                f"| {factor or 'as it is'} | {name} | {nu:.1f} | {linear:.2g} | {modes:.2g} | {100 * share:.0f} % |"
            )


if __name__ == "__main__":
    main()
