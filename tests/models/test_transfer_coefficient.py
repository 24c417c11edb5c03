"""Charge transfer that is easier in one direction than in the other."""

from __future__ import annotations

import numpy as np
import pybamm
import pytest

import assb
from assb.models import SPM, closures
from assb.parameters import Blend

COEFFICIENTS = tuple(
    f"{each} electrode Butler-Volmer transfer coefficient" for each in ("Positive", "Negative")
)
ASYMMETRIC = {"intercalation kinetics": "asymmetric Butler-Volmer"}
RT_F = 8.314462618 * 298.15 / 96485.33212


@pytest.mark.parametrize("transfer", [0.2, 0.35, 0.5, 0.65, 0.8])
def test_the_inverse_of_the_law(transfer):
    """Nine decades of current density; the forward law is written out here."""
    j = np.concatenate([-np.logspace(3, -6, 40), np.logspace(-6, 3, 40)])
    x = closures.butler_volmer_overpotential(j, 1.0, 298.15, transfer) / RT_F
    law = np.exp(transfer * x) - np.exp(-(1 - transfer) * x)
    np.testing.assert_allclose(law, j, rtol=1e-8)
    np.testing.assert_allclose(closures.butler_volmer_current(x * RT_F, 1.0, 298.15, transfer), j, rtol=1e-8)
    step = 1e-4 * np.abs(j)
    rise, fall = (closures.butler_volmer_overpotential(j + s, 1.0, 298.15, transfer) for s in (step, -step))
    slope = closures.butler_volmer_slope(j, 1.0, 298.15, transfer)
    np.testing.assert_allclose((rise - fall) / (2 * step), slope, rtol=1e-6)


@pytest.mark.parametrize(("sign", "share"), [(1, 0.3), (-1, 0.7)])
def test_tafel_slope(sign, share):
    """A decade costs RT ln 10/(a F) in oxidation and RT ln 10/((1 - a) F) in reduction."""
    low, high = (closures.butler_volmer_overpotential(sign * j, 1.0, 298.15, 0.3) for j in (1e4, 1e5))
    assert high - low == pytest.approx(sign * RT_F * np.log(10) / share, rel=1e-3)


def cell(transfer):
    values = assb.parameters.get("NCM811_LPSCl_InLi")
    values.update(dict.fromkeys(COEFFICIENTS, transfer))
    return values


def voltage(model, values, protocol="Charge at 1C for 3 minutes"):
    return assb.simulate(model, values, protocol)["Voltage [V]"].entries[-1]


@pytest.mark.parametrize("surface_form", ["false", "differential"])
def test_one_half_is_the_symmetric_law(model_class, surface_form):
    options = {"surface form": surface_form}
    found = voltage(model_class(options | ASYMMETRIC), cell(0.5))
    assert found == pytest.approx(voltage(model_class(options), cell(0.7)), abs=1e-6)


def test_each_electrode_has_its_own():
    """Charge oxidises the cathode and reduces the foil: a large coefficient helps the one and hinders the other."""
    symmetric, asymmetric = "symmetric Butler-Volmer", "asymmetric Butler-Volmer"
    both, neither, positive, negative = (
        voltage(SPM({"surface form": "differential", "intercalation kinetics": kinetics}), cell(0.7))
        for kinetics in (asymmetric, symmetric, (symmetric, asymmetric), (asymmetric, symmetric))
    )
    assert positive < neither - 5e-3
    assert negative > neither + 5e-4
    assert both - neither == pytest.approx(positive + negative - 2 * neither, abs=1e-4)


def test_a_spectrum_at_rest_does_not_see_it():
    """The law is linear about rest, with slope one for every coefficient."""
    model = SPM({"surface form": "differential", **ASYMMETRIC})
    name = "Area-specific impedance [Ohm.cm2]"
    one, other = (assb.models.impedance(model, cell(a), [1e-2, 1.0, 1e2])[name] for a in (0.35, 0.65))
    np.testing.assert_allclose(one, other, rtol=1e-6)


def test_compiled():
    """The compiled back end, with the coefficient as an input."""
    options = {"surface form": "differential", "negative interface dispersion": "distributed"}
    model, values = SPM(options | ASYMMETRIC), cell(0.5)
    fast = assb.models.compile(model, values, inputs=[COEFFICIENTS[0]], outputs=["Voltage [V]"])
    found = fast.simulate([(180.0, -values["Nominal cell capacity [A.h]"])], {COEFFICIENTS[0]: 0.7})
    values.update({COEFFICIENTS[0]: 0.7})
    assert float(found["Voltage [V]"][-1]) == pytest.approx(voltage(model, values), abs=2e-4)


def test_nonlinear_modes():
    """One half is the symmetric law at every depth."""
    options = {"reaction distribution": "nonlinear modes"}
    found = voltage(SPM(options | ASYMMETRIC), cell(0.5))
    assert found == pytest.approx(voltage(SPM(options), cell(0.5)), abs=1e-6)


@pytest.mark.slow
def test_two_populations():
    """Alike, they are one population."""
    values = assb.parameters.build(Blend(("NCM811", "NCM811"), (50, 50), (5e-6, 5e-6)))
    one = assb.parameters.build("NCM811")
    assert {f"{phase}: {COEFFICIENTS[0]}" for phase in ("Primary", "Secondary")} <= set(values.keys())
    values.update({f"{phase}: {COEFFICIENTS[0]}": 0.3 for phase in ("Primary", "Secondary")})
    one.update({COEFFICIENTS[0]: 0.3, "Positive particle radius [m]": 5e-6})
    found = voltage(SPM({"positive populations": "two", **ASYMMETRIC}), values)
    assert found == pytest.approx(voltage(SPM(ASYMMETRIC), one), abs=2e-4)


def test_other_kinetics_are_refused():
    with pytest.raises(
        pybamm.OptionError, match="'intercalation kinetics' = 'Marcus' is not known: use one of"
    ):
        SPM({"intercalation kinetics": "Marcus"})
