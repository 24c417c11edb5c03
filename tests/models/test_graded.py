"""Electrodes whose composition depends on the depth."""

from __future__ import annotations

import numpy as np
import pybamm
import pytest

import assb
from assb import parameters
from assb.models import DFN, NO_MECHANISMS, SPM
from assb.models.compiled import Protocol, compile_model
from assb.models.compiled.check import solve_with_idaklu
from assb.parameters import Blend, DepthProfile, Grading
from tests.models.runs import P, solve, values

GRADED = {"composition": "graded"}
#: Every law that reads a volume fraction.
EVERYTHING = {
    **GRADED,
    "carbon interphase": "growing",
    "network damage": "strain and pressure",
    "network consumption": "oxidised electrolyte",
    "cracking": "intergranular",
    "carbon network": "parallel",
    "network obstacles": "pores, binder and carbon",
}
#: Two networks and an interface with a resistance, nothing else.
NETWORKS = {
    **NO_MECHANISMS,
    "ionic network": "size-ratio percolation",
    "electronic network": "percolation",
    "carbon network": "parallel",
    "interphase": "constant",
    **GRADED,
}
FIRM = {"rtol": 1e-7, "atol": 1e-9}
STEEP = Grading(
    {"active material": 60, "solid electrolyte": 38, "carbon": 2},
    {"active material": 80, "solid electrolyte": 18, "carbon": 2},
)


def flattened(cell):
    """The same cell with its mean composition everywhere."""
    cell.update({name: v.mean for name, v in cell.items() if isinstance(v, DepthProfile)})
    return cell


def test_a_uniform_grading_is_the_uniform_electrode():
    cell = values(rate=-0.5)
    share = P + "solid electrolyte volume fraction"
    same = pybamm.ParameterValues({**cell, share: DepthProfile(cell[share], cell[share])})
    plain, graded = (
        solve(DFN(o), v, 600, points=3, tolerances=FIRM)["Voltage [V]"].data
        for o, v in (({**EVERYTHING, "composition": "uniform"}, cell), (EVERYTHING, same))
    )
    np.testing.assert_allclose(graded, plain, rtol=0, atol=1e-7)


def test_fractions_networks_contact_and_surface_follow_the_depth():
    cell = parameters.build(composition=STEEP, positive_thickness=60e-6)
    solution = solve(DFN(GRADED), cell, 60, points=3, tolerances={"rtol": 1e-6, "atol": 1e-8})
    depth = (np.arange(8) + 0.5) / 8
    fraction = {
        name: cell[f"{P}{name} volume fraction"](depth) for name in ("active material", "solid electrolyte")
    }
    connected = solution[P + "connected volume fraction"].entries[:, 0]
    np.testing.assert_allclose(connected, 0.9 * fraction["active material"], rtol=1e-6)
    surface = solution[P + "surface area to volume ratio [m-1]"].entries[:, 0]
    np.testing.assert_allclose(surface, 3 * connected / cell["Positive particle radius [m]"], rtol=1e-6)
    for name, sign in (
        ("effective ionic conductivity [S.m-1]", -1),
        ("effective electronic conductivity [S.m-1]", 1),
        ("contact fraction", -1),
    ):
        assert (sign * np.diff(solution[P + name].entries[:, 0]) > 0).all(), name


@pytest.mark.parametrize("form", ["false", "differential"])
def test_lithium_and_charge_are_conserved(form):
    cell = parameters.build(composition=STEEP, positive_thickness=60e-6, initial_stoichiometry=0.8)
    cell[P + "contact damage rate"] = 50.0
    cell[P + "interphase reaction velocity [m.s-1]"] = 1e-9
    cell[P + "interphase parabolic constant [m2.s-1]"] = 1e-17
    cell["Current function [A]"] = -0.3 * cell["Nominal cell capacity [A.h]"]
    tight = {"rtol": 1e-10, "atol": 1e-12} if form == "false" else {"rtol": 1e-8, "atol": 1e-9}
    solution = solve(DFN({**GRADED, "surface form": form}), cell, 3600, points=13, tolerances=tight)
    total = solution["Total lithium [mol]"].data
    assert np.ptp(total) < 1e-8 * total[0]
    assert solution["Lithium in isolated particles [mol]"].data[-1] > 1e-5 * total[0]
    assert solution["Lithium released by solid electrolyte [mol]"].data[-1] > 1e-5 * total[0]
    if form == "false":
        residual = solution[P + "charge residual [A.m-2]"].data
        current = np.abs(solution["Total current density [A.m-2]"].data).max()
        assert np.abs(residual).max() < 1e-8 * current


def gradient(share):
    """Stoichiometry at the collector less that at the separator, late in the charge of a thick electrode.

    Carbon-free, polycrystals of 10 um, `share` per cent of active material by mass.
    """
    cell = parameters.build(
        "NCM622",
        composition={"active material": share, "solid electrolyte": 100 - share},
        positive_thickness=100e-6,
        particle_radius=5e-6,
    )
    points = {"x_p": 10, "r_p": 6}
    steps = ["Charge at 0.1C for 4 hours"]
    solution = assb.simulate(DFN(NETWORKS), cell, steps, var_pts=points)
    y = solution[P + "stoichiometry"].entries[:, -1]
    return y[-1] - y[0]


def test_the_gradient_changes_its_sign_with_the_share_of_active_material():
    """A12: poor in CAM delithiates first at the collector, rich at the separator; 70 % is most uniform."""
    found = {share: gradient(share) for share in (60, 65, 70, 75, 80)}
    assert found[60] < found[65] < -0.002
    assert 0.002 < found[75] < found[80]
    assert min(found, key=lambda share: abs(found[share])) == 70


def test_of_two_gradings_the_one_with_electrolyte_at_the_separator_is_faster():
    """A12: electrolyte to the separator and active material to the collector beats uniform and reverse."""

    def capacity(composition, rate, flat=False):
        cell = parameters.build(
            composition=composition,
            positive_thickness=120e-6,
            separator_thickness=30e-6,
            initial_stoichiometry=0.3,
        )
        points = {"x_p": 10, "r_p": 6}
        step = [f"Discharge at {rate}C until 2.85 V"]
        solution = assb.simulate(DFN(NETWORKS), flattened(cell) if flat else cell, step, var_pts=points)
        return solution["Discharge capacity [A.h]"].data[-1] / cell["Nominal cell capacity [A.h]"]

    gaps = []
    for rate, least in ((0.1, 0.0), (2, 0.01)):
        good, flat, reverse = (
            capacity(STEEP, rate),
            capacity(STEEP, rate, flat=True),
            capacity(STEEP.reversed, rate),
        )
        assert good > flat + least
        assert flat > reverse + least
        gaps.append(good - reverse)
    assert gaps[0] < 0.25 * gaps[1]  # slow: the three are alike


def test_profiles_compile_and_may_depend_on_inputs():
    cell = parameters.build(composition=STEEP, positive_thickness=60e-6, initial_stoichiometry=0.5)
    name = P + "solid electrolyte volume fraction"
    middle, slope = cell[name].mean, pybamm.Parameter("grading")
    cell[name] = lambda depth: middle + slope * (depth - 0.5)
    cell["grading"] = "[input]"
    current = 0.5 * cell["Nominal cell capacity [A.h]"]
    points = {"x_p": 3, "r_p": 4}
    protocol = Protocol.from_steps([(600.0, current)], np.linspace(0, 600, 7)[1:])
    names, model = ["Voltage [V]"], DFN(NETWORKS)
    compiled = compile_model(model, cell, ["grading"], names, points, check=False)
    found = {}
    for value in (-0.15, 0.15):
        found[value] = compiled.evaluate(protocol, np.array([value]))
        expected = solve_with_idaklu(model, cell, protocol, {"grading": value}, tuple(names), points)
        np.testing.assert_allclose(found[value][1:], expected[1:], rtol=0, atol=2e-4)
    assert np.abs(found[0.15] - found[-0.15]).max() > 1e-3


def test_populations_may_be_layered():
    """One material at the separator, the other at the collector: lithium is conserved."""
    cell = parameters.build(Blend(("NCM811", "NCM811"), (50, 50), (5e-6, 1.5e-6)))
    names = [f"{phase}: {P}active material volume fraction" for phase in ("Primary", "Secondary")]
    total = sum(cell[name] for name in names)
    cell.update(
        {names[0]: DepthProfile(0.9 * total, 0.1 * total), names[1]: DepthProfile(0.1 * total, 0.9 * total)}
    )
    for phase in ("Primary", "Secondary"):
        cell[f"{phase}: Initial stoichiometry in positive electrode"] = 0.6
    points = {"x_p": 6, "r_p_prim": 5, "r_p_sec": 5}
    model = DFN({**GRADED, "positive populations": "two"})
    solution = assb.simulate(model, cell, "Discharge at 0.3C for 15 minutes", var_pts=points)
    lithium = solution["Total lithium [mol]"].data
    assert np.ptp(lithium) < 1e-8 * lithium[0]


def test_what_cannot_be_is_refused_with_the_remedy():
    with pytest.raises(pybamm.OptionError, match="use the DFN"):
        SPM(GRADED)
    cell = parameters.build(composition=STEEP)
    with pytest.raises(ValueError, match='"composition": "graded"'):
        assb.simulate(DFN(), cell, "Rest for 1 second")
    with pytest.raises(ValueError, match="one active material"):
        parameters.build(Blend(("NCM811", "LCO"), (50, 50), (5e-6, 5e-6)), composition=STEEP)
    with pytest.raises(ValueError, match="collector"):
        Grading({"active material": 70, "solid electrolyte": 30}, {})
    with pytest.raises(ValueError, match=r"at depth 0\.25: volume fractions sum to"):
        parameters.build(composition=STEEP, overrides={P + "void fraction": lambda depth: 0.12 + 0.1 * depth})
    poor = Grading(
        {"active material": 60, "solid electrolyte": 40}, {"active material": 92, "solid electrolyte": 8}
    )
    with pytest.raises(ValueError, match="below the threshold"):
        assb.simulate(
            DFN({**GRADED, "ionic network": "percolation"}),
            parameters.build(composition=poor),
            "Rest for 1 second",
        )
