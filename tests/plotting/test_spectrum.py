"""Figure of spectra and their relaxation times."""

import io

import numpy as np
import pytest

from assb.fitting import RELAXATION_WINDOWS, relaxation_times
from assb.plotting import relaxation_spectrum

FREQUENCIES = np.geomspace(1e-2, 1e5, 36)


def distribution(resistance, unit="Ohm"):
    return relaxation_times(FREQUENCIES, 5 + resistance / (1 + 2e-2j * FREQUENCIES), unit=unit)


def test_spectra_and_distributions_are_drawn_with_their_units():
    figure = relaxation_spectrum({"fresh": distribution(10), "aged": distribution(20)}, RELAXATION_WINDOWS)
    left, right = figure.axes
    assert len(left.lines) == 4  # points and fit of each
    assert [line.get_label() for line in right.lines] == ["fresh", "aged"]
    assert right.lines[1].get_ydata().max() > 1.5 * right.lines[0].get_ydata().max()
    assert left.get_xlabel() == "Re Z [Ω]"
    assert {text.get_text() for text in right.texts} == set(RELAXATION_WINDOWS)
    figure.savefig(io.BytesIO())


def test_one_distribution_needs_no_label():
    figure = relaxation_spectrum(distribution(10, "Ohm.cm2"))
    assert figure.axes[1].get_legend() is None
    assert figure.axes[1].get_ylabel().endswith("[Ω cm²]")


def test_units_must_agree():
    with pytest.raises(ValueError, match="give one or more of one unit"):
        relaxation_spectrum({"a": distribution(10), "b": distribution(10, "Ohm.cm2")})
