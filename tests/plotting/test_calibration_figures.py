import dataclasses
import subprocess
import sys

import matplotlib
import numpy as np
import pytest
from matplotlib.figure import Figure

import assb.plotting as plotting
from assb.plotting.gallery import available

NEED_SAMPLES = {"trace", "corner", "posterior_predictive", "autocorrelation"}


def words(fig):
    return " ".join(text.get_text() for text in fig.findobj(matplotlib.text.Text)).replace("\n", " ")


@pytest.mark.parametrize("name", plotting.FIGURES)
def test_figure_builds_from_samples(name, sampled):
    fig = plotting.FIGURES[name](sampled)
    assert isinstance(fig, Figure)
    assert len(fig.axes) >= 1
    fig.canvas.draw()
    assert "nan" not in words(fig).split()


@pytest.mark.parametrize("name", plotting.FIGURES)
def test_figure_builds_without_samples(name, bare):
    fig = plotting.FIGURES[name](bare)
    fig.canvas.draw()
    if name in NEED_SAMPLES:
        assert not fig.axes
        assert "not sampled" in words(fig) or "No history" in words(fig)


def test_available_names_only_figures_with_data(sampled, bare):
    assert available(sampled) == list(plotting.FIGURES)
    assert available(bare) == [
        "voltage_fit",
        "overpotential_breakdown",
        "prior_posterior",
    ]


def test_the_style_does_not_leak(sampled):
    before = dict(matplotlib.rcParams)
    plotting.prior_posterior(sampled)
    assert dict(matplotlib.rcParams) == before


def test_no_pyplot_and_no_solver_are_imported():
    code = (
        "import sys, assb.plotting, assb.report;"
        "assert 'matplotlib' not in sys.modules and 'jinja2' not in sys.modules;"
        "from assb.plotting.style import note_figure; note_figure('x').canvas.draw();"
        "assert 'matplotlib.pyplot' not in sys.modules and 'pybamm' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_residual_panel_states_the_errors_of_the_metrics(sampled):
    text = words(plotting.voltage_fit(sampled))
    assert f"RMSE {sampled.metrics['rmse_mV']:.2f} mV" in text
    assert f"worst: −{abs(sampled.metrics['worst_row']['residual_mV']):.1f} mV" in text


def test_overpotentials_add_up_or_the_remainder_is_named(sampled):
    assert "Not attributed" not in words(plotting.overpotential_breakdown(sampled))
    path = sampled.trajectory.copy(deep=True)
    path["Voltage [V]"] = path["Voltage [V]"] + 5e-3
    text = words(plotting.overpotential_breakdown(dataclasses.replace(sampled, trajectory=path)))
    assert "Not attributed: 5.0 mV" in text


def test_coverage_is_stated(sampled):
    rows = sampled.fit["scored"].values
    text = words(plotting.posterior_predictive(sampled))
    inside = round(sampled.metrics["coverage_90"] * rows.sum())
    assert f"{inside} of {rows.sum()} points" in text


def test_forest_places_the_posterior_in_prior_units(sampled):
    rows = [dict(sampled.parameters[0], transform="log", shrinkage=0.5)]
    rows[0] |= {"prior_q05": 1e-17, "prior_q50": 1e-15, "prior_q95": 1e-13}
    rows[0] |= {"q05": 1e-15, "q50": 1e-14, "q95": 1e-13, "map": 1e-14}
    fig = plotting.prior_posterior(dataclasses.replace(sampled, parameters=rows))
    lines = [line.get_xdata() for line in fig.axes[0].lines]
    z = 1.6448536269514722
    assert any(np.allclose(line, [0, z]) for line in lines if len(line) == 2)


def test_forest_without_prior_quantiles_says_the_position_is_unknown(bare):
    keys = ("prior_q05", "prior_q50", "prior_q95")
    rows = [{key: value for key, value in row.items() if key not in keys} for row in bare.parameters]
    text = words(plotting.prior_posterior(dataclasses.replace(bare, parameters=rows)))
    assert "position not known" in text


def test_corner_contours_hold_the_stated_mass():
    from assb.plotting.corner import MASSES, _levels

    x = np.linspace(-5, 5, 201)
    density = np.exp(-0.5 * (x[:, None] ** 2 + x[None, :] ** 2))
    for level, mass in zip(_levels(density), sorted(MASSES, reverse=True), strict=True):
        assert density[density >= level].sum() / density.sum() == pytest.approx(mass, abs=0.01)


def test_corner_takes_prior_samples(sampled):
    few = [row["name"] for row in sampled.parameters[:3]]
    data = dataclasses.replace(sampled, posterior=sampled.posterior[few])
    assert "prior" in words(plotting.corner(data)).split()
    lacking = dataclasses.replace(data, prior_samples=None)
    assert "prior" not in words(plotting.corner(lacking)).split()


def test_a_constant_or_stuck_parameter_still_draws(sampled):
    name = sampled.parameters[3]["name"]
    keep = [sampled.parameters[0]["name"], name, "log_likelihood"]
    posterior = sampled.posterior[keep].copy(deep=True)
    posterior[name][:] = 3.1
    posterior["log_likelihood"][0, 0] = -np.inf
    data = dataclasses.replace(sampled, posterior=posterior, prior_samples=None)
    plotting.corner(data).canvas.draw()
    plotting.trace(data).canvas.draw()


def test_save_figures(tmp_path, bare, monkeypatch):
    written = plotting.save_figures(tmp_path / "figures", bare)
    assert list(written) == available(bare)
    for name, path in written.items():
        assert path == tmp_path / "figures" / f"{name}.png"
        assert path.read_bytes().startswith(b"\x89PNG")
    before = written["voltage_fit"].read_bytes()

    def fail(*args):
        raise OSError("disk full")

    monkeypatch.setattr("os.replace", fail)
    with pytest.raises(OSError, match="disk full"):
        plotting.save_figures(tmp_path / "figures", bare)
    assert written["voltage_fit"].read_bytes() == before
    assert len(list((tmp_path / "figures").iterdir())) == len(written)
