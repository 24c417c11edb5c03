import dataclasses

import numpy as np
import pytest
from synthetic_report import make_report_data

from assb.report import ReportData, fit_metrics


def test_metrics_match_a_direct_calculation(sampled):
    fit = sampled.fit
    rows = fit["scored"].values
    residual = 1e3 * (fit["measured"] - fit["map"]).values[rows]
    metrics = fit_metrics(fit)
    assert metrics["rmse_mV"] == pytest.approx(np.sqrt(np.mean(residual**2)))
    assert metrics["mae_mV"] == pytest.approx(np.mean(np.abs(residual)))
    assert sum(part["n"] for part in metrics["segments"].values()) == rows.sum()
    assert metrics["worst_row"]["segment"] == "discharge"
    assert abs(metrics["worst_row"]["residual_mV"]) == pytest.approx(np.abs(residual).max())
    assert 0.9 < metrics["coverage_90"] <= 1


def test_metrics_ignore_rows_that_are_not_scored(sampled):
    fit = sampled.fit.copy(deep=True)
    before = fit_metrics(fit)
    fit["measured"][0] = 99.0
    assert not fit["scored"][0]
    assert fit_metrics(fit) == before


def test_metrics_without_band_correction_or_rows(bare):
    metrics = fit_metrics(bare.fit)
    assert metrics["coverage_90"] is None
    assert metrics["rmse_without_correction_mV"] is None
    assert metrics["max_correction_mV"] is None
    nothing = bare.fit.assign(scored=("row", np.zeros(bare.fit.sizes["row"], dtype=bool)))
    assert fit_metrics(nothing)["rmse_mV"] is None
    assert fit_metrics(nothing)["worst_row"] == {}


def test_flags(sampled, bare):
    assert sampled.sampled
    assert sampled.has_band
    assert not bare.sampled
    assert not bare.has_band


def test_incomplete_data_is_refused_by_name(sampled):
    with pytest.raises(ValueError, match="measured"):
        dataclasses.replace(sampled, fit=sampled.fit.drop_vars("measured"))
    with pytest.raises(ValueError, match=r"Diffusion overpotential \[V\]"):
        dataclasses.replace(sampled, trajectory=sampled.trajectory.drop_vars("Diffusion overpotential [V]"))


def test_only_the_essentials_are_required():
    full = make_report_data(sampled=False)
    data = ReportData(title="t", fit=full.fit, trajectory=full.trajectory, parameters=[], metrics={})
    assert data.posterior is None
    assert data.identifiability == {}
