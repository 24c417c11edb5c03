"""The charge of the embedded cycle, predicted from its start voltage, its rests and its discharge."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import numpy as np
import pytest

from assb.fitting import DataError, Dataset, calibrate

PATH = Path(__file__).resolve().parents[2] / "examples" / "predict_charge.py"


def test_the_charge_is_predicted():
    spec = importlib.util.spec_from_file_location("predict_charge", PATH)
    example = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(example)
    problem, charge = example.problem()
    assert len(problem.names) <= 10
    assert charge.sum() == 25
    assert not problem.data.scored[charge].any()
    estimate = calibrate(problem, seed=5, starts=4)
    off = example.errors(problem, estimate)
    assert np.sqrt(np.mean(off[charge] ** 2)) < 35
    assert np.sqrt(np.mean(off[problem.data.scored] ** 2)) < 10


def test_masked_rows_do_not_count():
    time = np.arange(4.0)
    data = Dataset(time, np.zeros(4), np.ones(4), mask=[True, True, False, True])
    assert data.scored.tolist() == [False, True, False, True]
    assert data.sha256 != Dataset(time, np.zeros(4), np.ones(4)).sha256
    with pytest.raises(DataError, match="mask has shape"):
        Dataset(time, np.zeros(4), np.ones(4), mask=[True, False])
    with pytest.raises(DataError, match="counts 1 rows"):
        Dataset(time, np.zeros(4), np.ones(4), mask=[True, False, False, False])
