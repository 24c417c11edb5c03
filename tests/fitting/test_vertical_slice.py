"""One cell that lost contact, one whose interphase grew, tuned to the same voltage: what names the culprit."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import numpy as np
import pytest

import assb
from assb.fitting import Problem, ellipse_area, fit_map

FILE = Path(__file__).resolve().parents[2] / "examples" / "contact_or_interphase.py"
REALISATIONS = 5


def load():
    """The study of the example, imported from its file."""
    spec = importlib.util.spec_from_file_location("contact_or_interphase", FILE)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


slice_ = load()
OTHER = f"voltage + {slice_.OTHER:g} MPa"


@pytest.fixture(scope="module")
def torn():
    return slice_.Study("torn off for good")


@pytest.fixture(scope="module")
def opened():
    return slice_.Study("opened, pressed back by pressure")


def areas(study, truth):
    return {kind: ellipse_area(study.covariance(truth, kind)) for kind in study.data}


def chi2_of_the_wrong(study, truth, kind):
    fits = study.rivals(truth, kind)
    assert all(fit.converged for fit in fits.values())
    assert fits[truth].chi2 < 1e-3  # the right hypothesis explains data without noise
    (wrong,) = (fit for name, fit in fits.items() if name != truth)
    return wrong.chi2


def test_the_two_cells_have_one_voltage_curve(torn):
    lost, grown = torn.cells.values()
    assert torn.contact(lost) == pytest.approx(0.6, abs=1e-3)
    assert torn.contact(grown) > 0.97  # the interphase takes little contact with it
    assert grown[slice_.THICKNESS] > 5 * torn.fresh[slice_.THICKNESS]
    gap = torn.mismatch()
    assert np.sqrt((gap**2).mean()) < 0.5
    assert np.abs(gap).max() < 1e3 * slice_.VOLTAGE_NOISE[0]
    # It is not that ageing did nothing.
    change = np.concatenate(torn.rows("voltage", lost)) - np.concatenate(torn.rows("voltage", torn.fresh))
    assert np.sqrt((change**2).mean()) > 0.02


@pytest.mark.parametrize("truth", [slice_.LOSS, slice_.GROWTH])
class TestTornContact:
    def test_voltage_alone_cannot_tell(self, torn, truth):
        assert chi2_of_the_wrong(torn, truth, "voltage") < 1
        counts = torn.naming(truth, "voltage", REALISATIONS)
        assert counts["undecided"] == REALISATIONS

    def test_a_spectrum_names_the_mechanism(self, torn, truth):
        assert chi2_of_the_wrong(torn, truth, "voltage + spectrum") > 12
        counts = torn.naming(truth, "voltage + spectrum", REALISATIONS)
        assert counts["right"] >= REALISATIONS - 1
        assert counts["wrong"] == 0

    def test_a_spectrum_shrinks_the_ellipse_fivefold_and_pressure_less(self, torn, truth):
        area = areas(torn, truth)
        assert area["voltage"] > 5 * area["voltage + spectrum"]
        # Pressure scales lost and covered contact alike; only the gap left by oxidised electrolyte differs.
        assert 1.5 < area["voltage"] / area[OTHER] < 5
        assert area["all"] < min(area[OTHER], area["voltage + spectrum"])


@pytest.mark.parametrize("truth", [slice_.LOSS, slice_.GROWTH])
def test_another_pressure_shrinks_the_ellipse_where_contact_has_opened(opened, truth):
    area = areas(opened, truth)
    assert area["voltage"] > 5 * area[OTHER]
    assert area[OTHER] < area["voltage + spectrum"]


def test_another_pressure_names_an_opened_contact(opened):
    assert chi2_of_the_wrong(opened, slice_.LOSS, "voltage") < 1
    assert chi2_of_the_wrong(opened, slice_.LOSS, OTHER) > 12


@pytest.mark.parametrize("truth", [slice_.LOSS, slice_.GROWTH])
def test_the_mechanism_is_named_from_a_spectrum_of_the_resolved_model(torn, truth):
    """The SPM fits a spectrum that the DFN made: the model error costs the right hypothesis little."""
    values = assb.parameters.get(slice_.CELL)
    values.update(slice_.CHANGES)
    dfn = assb.models.DFN({**slice_.OPTIONS, "surface form": "differential"})
    kind, at = "voltage + spectrum", torn.cells[truth]
    problem = torn.data[kind]
    spectrum = problem.datasets[-1:]
    resolved = Problem(dfn, values, spectrum, torn.priors, slice_.NOISE)
    z = resolved.to_coordinates(np.array([at[name] for name in resolved.names]))
    measured = problem.with_rows([*torn.rows(kind, at)[:-1], resolved.predict(z)[0][0]])
    fits = {name: fit_map(measured, torn.cells[name], held) for name, held in torn.held.items()}
    (wrong,) = (fit for name, fit in fits.items() if name != truth)
    assert fits[truth].chi2 < 0.5
    assert wrong.chi2 - fits[truth].chi2 > 12


def test_the_arc_moves_to_lower_frequency_only_if_the_interphase_grows(torn):
    apex = {}
    for name, values in {"fresh": torn.fresh, **torn.cells}.items():
        imaginary = torn.impedance(slice_.FREQUENCIES, values).imag
        apex[name] = slice_.FREQUENCIES[np.argmax(np.where(slice_.FREQUENCIES > 1, -imaginary, -np.inf))]
    assert apex[slice_.LOSS] == apex["fresh"]
    assert apex[slice_.GROWTH] < 0.8 * apex["fresh"]
