"""Every check of the verification, and that each one can fail."""

from __future__ import annotations

import numpy as np
import pytest

from assb import validation
from assb.validation import verification
from assb.validation.verification import convergence, diffusion, impedance, interphase, porous_electrode
from assb.validation.verification.registry import Measured, Registered, Verification, relative


@pytest.mark.parametrize("name", verification.CHECKS)
def test_check_passes(name):
    (outcome,) = validation.verify(name)
    assert outcome.passed, repr(outcome)
    assert np.isfinite([outcome.expected, outcome.found, outcome.deviation]).all()
    assert outcome.source


def test_table_reads_as_one(capsys):
    table = validation.verify(["linear growth", "constant pressure"], progress=True)
    assert table.passed
    assert table["linear growth"] is table[0]
    assert "2 of 2 checks passed" in repr(table)
    assert capsys.readouterr().out.count("ok") == 2
    assert table.rows()[1]["name"] == "constant pressure"
    assert "| `linear growth` |" in table.markdown()
    with pytest.raises(KeyError, match="was not run"):
        table["Cottrell"]


def test_unknown_check_lists_the_known_ones():
    with pytest.raises(ValueError, match="linear growth"):
        validation.verify(["linear groth"])


@pytest.mark.parametrize(("found", "passes"), [(1.0, True), (1.1, False), (np.nan, False)])
def test_what_exceeds_the_limit_or_is_no_number_fails(found, passes):
    registered = Registered("n", "s", 1e-2, "here", lambda: relative(1.0, found))
    outcome = registered.run()
    assert outcome.passed is passes
    assert ("FAILED" in repr(Verification([outcome]))) is not passes


def test_a_name_is_taken_once():
    with pytest.raises(ValueError, match="exists"):
        verification.check("Cottrell", "", 0.0, "")(lambda: Measured(0, 0, 0))


def test_closed_forms_have_the_limits_they_should():
    """Independent of any model: the limits of the formulas that the checks compare with."""
    # Fast reaction: both networks in parallel. A blocking electrode at low frequency: its capacity.
    values, omega = porous_electrode._values((0.1, 100.0, 5.0)), np.array([1e-4])
    low = impedance.transmission_line(values, omega, 1e-12)[0]
    surface = diffusion._surface(values)
    assert -1 / (omega[0] * low.imag) == pytest.approx(impedance.CAPACITY * surface, rel=1e-6)
    # A warm sphere: three times the flux over the radius.
    assert convergence.surface_series(2.0) == pytest.approx(6.2, rel=1e-12)
    # The short-time expansion against the series.
    time = 5e-3
    radius = 1e-6
    short = diffusion.constant_flux(1.0, time * radius**2 / diffusion.DIFFUSIVITY, radius)
    series = convergence.surface_series(time, terms=60) * radius / diffusion.DIFFUSIVITY
    assert short == pytest.approx(series, rel=1e-3)
    # Deal and Grove: mixed growth is slower than either branch and solves the differential equation.
    mixed = interphase.thickness("mixed", 2e-9)
    for law in ("reaction-limited", "diffusion-limited"):
        assert (mixed <= interphase.thickness(law, 2e-9) * (1 + 1e-12)).all()
    rate = np.gradient(mixed, interphase.TIMES)[1:-1]
    law = 1 / (1 / interphase.VELOCITY + mixed[1:-1] / interphase.PARABOLIC)
    np.testing.assert_allclose(rate, law, rtol=2e-2)


def test_a_coarse_mesh_fails_the_porous_electrode():
    case = porous_electrode.CASES[1]
    coarse = porous_electrode.model_resistance(case, 10)
    assert abs(coarse / porous_electrode.closed_resistance(case) - 1) > 1e-3
