"""Impedance at 60 frequencies against `pybamm.EISSimulation`; setting up is left out on both sides."""

from __future__ import annotations

import numpy as np
import pybamm
from common import RADIUS, Side, alternate, row

from assb import models, parameters
from assb.models import ImpedanceModel

FREQUENCIES = np.logspace(-3, 5, 60)
SURFACE = {"surface form": "differential"}
#: Largest relative difference of an impedance.
AGREEMENT = 1e-6


def spectrum(model, values) -> Side:
    """60 frequencies at rest."""
    theirs = pybamm.EISSimulation(model, parameter_values=values)
    ours = ImpedanceModel(model, values)
    p = np.zeros((1, 0))  # arrays in and out on both sides
    reference = theirs.solve(FREQUENCIES).impedance
    deviation = float(np.abs(ours.solve(FREQUENCIES)["Impedance [Ohm]"].values / reference - 1).max())
    assert deviation <= AGREEMENT, f"impedances differ by {deviation:.1e}"
    return Side(
        lambda: ours.evaluate(FREQUENCIES, p),
        lambda: theirs.solve(FREQUENCIES),
        ours.n_states,
        details={"deviation": deviation},
    )


def batch_ms(model, values, n, repeats) -> float:
    """Milliseconds per set of n radii at 60 frequencies each."""
    prepared = ImpedanceModel(model, values, [RADIUS])
    inputs = {RADIUS: np.linspace(2e-6, 3e-6, n)}
    return float(np.median(alternate({"": (lambda: prepared.solve(FREQUENCIES, inputs), n)}, repeats)[""]))


def measure(repeats: int) -> dict:
    """Rows by key."""
    own, liquid = parameters.get("NCM811_LPSCl_InLi"), pybamm.ParameterValues("Chen2020")
    rows = {}
    for key, ours, theirs, n in (
        ("spm_eis", models.SPM, pybamm.lithium_ion.SPM, 200),
        ("dfn_eis", models.DFN, pybamm.lithium_ion.DFN, 20),
    ):
        sides = spectrum(ours(SURFACE), own), spectrum(theirs(SURFACE), liquid)
        note = "one parameter set at rest, 60 frequencies from 1 mHz to 100 kHz"
        rows[key] = row(*sides, len(FREQUENCIES), note, repeats)
        batch = {"sets": n, "ours_ms": batch_ms(ours(SURFACE), own, n, max(repeats // 4, 1))}
        rows[key]["details"]["batch"] = batch
    return rows
