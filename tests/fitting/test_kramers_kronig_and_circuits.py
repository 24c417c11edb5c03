"""The linear Kramers-Kronig test and equivalent circuits on spectra known exactly; the records of the package."""

from __future__ import annotations

import numpy as np
import pytest

from assb.fitting import DataError, Spectrum, fit_circuit, lin_kk

FREQUENCY = np.geomspace(1e5, 1e-1, 37)
S = 2j * np.pi * FREQUENCY


def noisy(z, share, seed=5):
    rng = np.random.default_rng(seed)
    n = len(z)
    return Spectrum(FREQUENCY, z + share * np.abs(z) * (rng.normal(size=n) + 1j * rng.normal(size=n)))


def randles():
    """A resistance, a depressed arc and a Warburg element: it obeys the relations, and is no chain of R||C."""
    return 20 + 1 / (1 / 50 + 1e-4 * S**0.8) + 8 / np.sqrt(S)


def test_a_sound_spectrum_leaves_its_noise():
    assert lin_kk(noisy(randles(), 0.0), cut=0.5).rms < 3e-3
    found = lin_kk(noisy(randles(), 0.005))
    assert 0.5 < found.rms / (0.005 * np.sqrt(2)) < 1.3
    assert found.elements < 25  # far fewer than the 74 numbers of the record
    assert "residual" in repr(found)


def test_series_elements_are_seen_where_they_are_allowed():
    z = randles() + 2e-6 * S + 1 / (0.05 * S)
    with_both = lin_kk(noisy(z, 0.0), capacitance=True, cut=0.5)
    assert with_both.rms < 1e-3
    assert lin_kk(noisy(z, 0.0), inductance=False, capacitance=True, cut=0.5).rms > 3 * with_both.rms


def test_drift_breaks_the_relations():
    """The cell ages while the spectrum is taken: low frequencies see a larger arc than high ones do."""
    drift = 1 + 0.2 * np.linspace(0, 1, len(S)) ** 3
    z = 20 + drift / (1 / 50 + 1e-4 * S**0.8)
    z = np.where(FREQUENCY < 3, z.real + 1j * z.imag * 0.5, z)
    assert lin_kk(noisy(z, 0.0)).rms > 0.005


def test_a_circuit_is_recovered():
    z = 10 + 30 / (1 + S * 1e-4) + 60 / (1 + S * 3e-2) + 4 / np.sqrt(S)
    found = fit_circuit(noisy(z, 0.0), 2, starts=5, seed=5)
    assert found.count == 6
    assert found.rms < 1e-6
    np.testing.assert_allclose(found.arcs, [[30, 1e-4, 1], [60, 3e-2, 1]], rtol=1e-4)
    np.testing.assert_allclose([found.resistance, found.warburg], [10, 4], rtol=1e-4)
    np.testing.assert_allclose(found.impedance(FREQUENCY), z, rtol=1e-5)


def test_exponents_of_a_circuit_are_recovered():
    z = 10 + 30 / (1 + (S * 1e-3) ** 0.7)
    found = fit_circuit(noisy(z, 0.0), 1, exponents=True, warburg=False, starts=3, seed=5)
    np.testing.assert_allclose(found.arcs, [[30, 1e-3, 0.7]], rtol=1e-4)
    assert found.warburg == 0
    assert found.count == 4


def test_errors():
    short = Spectrum(FREQUENCY[:4], randles()[:4])
    with pytest.raises(ValueError, match="needs at least five"):
        lin_kk(short)
    whole = noisy(randles(), 0.0)
    with pytest.raises(ValueError, match=r"cut = 1\.0"):
        lin_kk(whole, cut=1.0)
    with pytest.raises(ValueError, match="most = 2"):
        lin_kk(whole, most=2)
    with pytest.raises(ValueError, match="at least 1 of each"):
        fit_circuit(whole, 0)
    with pytest.raises(ValueError, match="10 numbers for 4 frequencies"):
        fit_circuit(short, 4)
    with pytest.raises(DataError, match="no frequency lies between"):
        whole.between(1e6)
    with pytest.raises(DataError, match="embedded spectrum 'cell 3' is not known"):
        Spectrum.embedded("cell 3")


@pytest.mark.parametrize("name", ["ncm_inli_cell1", "ncm_inli_cell2"])
def test_embedded_records(name):
    record = Spectrum.embedded(name)
    assert record.name == record.cell == name
    assert len(record.frequency) == 45
    assert record.frequency.max() == pytest.approx(7e6)
    assert record.frequency.min() == pytest.approx(0.01, rel=1e-3)
    assert (record.impedance.imag < 0).all()
    part = record.between(0, 1.1e6)
    assert len(part.frequency) == 41
    assert part.sha256 != record.sha256
    assert Spectrum.embedded(name, cell="A", settings={"Stack pressure [MPa]": 50}).cell == "A"
    # The records are sound: what a linear, stationary cell cannot do is below 0.2 %.
    assert lin_kk(part).rms < 0.002
