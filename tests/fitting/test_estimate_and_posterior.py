"""Calibration and sampling recover what made the data, reproducibly and resumably."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import chi2

from assb.fitting import Estimate, Posterior, calibrate, sample
from assb.fitting.checkpoint import CheckpointError
from assb.fitting.posterior import Interrupted
from tests.fitting.conftest import TRUTH

STEPS = 1500


@pytest.fixture(scope="module")
def chain(problem, estimate, tmp_path_factory):
    path = tmp_path_factory.mktemp("chain") / "chain.h5"
    return sample(
        problem, estimate, seed=5, checkpoint=path, walkers=16, max_steps=STEPS, progress=False
    ), path


def test_truth_lies_within_the_laplace_posterior(problem, estimate):
    assert estimate.status_ == "converged"
    z_true = problem.to_coordinates(TRUTH)
    difference = estimate.z_[:3] - z_true
    distance = difference @ np.linalg.solve(estimate.identifiability_.covariance, difference)
    assert distance < chi2.ppf(0.999, 3)


def test_starts_agree(estimate):
    best = max(start["log_posterior"] for start in estimate.starts_)
    assert sum(start["log_posterior"] > best - 0.1 for start in estimate.starts_) >= 2


def test_estimate_is_the_maximum(problem, estimate):
    rng = np.random.default_rng(0)
    around = estimate.z_ + 0.02 * rng.standard_normal((50, len(estimate.z_)))
    assert problem.log_posterior(around).max() <= estimate.log_posterior_ + 0.02


def test_same_seed_same_estimate(problem, estimate):
    again = calibrate(problem, seed=0, starts=3)
    assert again.parameters_ == estimate.parameters_


def test_estimate_saves_loads_and_goes_back_to_parameter_values(problem, estimate, tmp_path):
    estimate.save(tmp_path / "map.json")
    loaded = Estimate.load(tmp_path / "map.json")
    assert loaded.parameters_ == estimate.parameters_
    assert np.allclose(loaded.identifiability_.covariance, estimate.identifiability_.covariance)
    values = loaded.to_parameter_values(problem)
    for name in problem.names:
        assert values[name] == estimate.parameters_[name]
    assert "interface resistance" in repr(loaded)


def test_no_starts():
    with pytest.raises(ValueError, match="at least 1"):
        calibrate(None, starts=0)


def test_posterior_agrees_with_laplace(problem, estimate, chain):
    posterior, _ = chain
    for name in problem.names:
        assert posterior.sd()[name] == pytest.approx(estimate.sd_[name], rel=0.5)
        low, _, high = posterior.quantiles((0.0005, 0.5, 0.9995))[name]
        assert low < dict(zip(problem.names, TRUTH, strict=True))[name] < high
    assert posterior.sampling_["n_failed"] == 0
    assert 0.05 < posterior.sampling_["acceptance"] < 0.8
    assert posterior.dataset_.sizes["chain"] == 16


def test_same_seed_same_posterior(problem, estimate, chain):
    again = sample(problem, estimate, seed=5, walkers=16, max_steps=STEPS, progress=False)
    assert np.array_equal(again.dataset_.to_array(), chain[0].dataset_.to_array())


def test_other_seed_other_chain(problem, estimate, chain):
    other = sample(problem, estimate, seed=6, walkers=16, max_steps=100, progress=False)
    name = problem.names[0]
    assert not np.isin(other.dataset_[name].values[0, 0], chain[0].dataset_[name].values)


def test_interrupted_and_resumed_run_ends_in_the_same_chain(problem, estimate, chain, tmp_path, monkeypatch):
    path = tmp_path / "chain.h5"
    calls = {"n": 0}
    from assb.fitting import posterior as module

    # Ask to stop after some evaluations, as a signal would.
    real = module._Runner.__init__

    def init(self, *arguments):
        real(self, *arguments)
        inner = self.sampler.log_prob_fn.f

        def counting(z):
            calls["n"] += 1
            if calls["n"] == 700:
                self._request_stop()
            return inner(z)

        self.sampler.log_prob_fn.f = counting

    monkeypatch.setattr(module._Runner, "__init__", init)
    with pytest.raises(Interrupted):
        sample(problem, estimate, seed=5, checkpoint=path, walkers=16, max_steps=STEPS, progress=False)
    monkeypatch.undo()
    resumed = sample(
        problem, estimate, seed=5, checkpoint=path, walkers=16, max_steps=STEPS, resume=True, progress=False
    )
    assert np.array_equal(resumed.dataset_.to_array(), chain[0].dataset_.to_array())
    assert resumed.sampling_["steps"] == chain[0].sampling_["steps"]


def test_checkpoint_opens_in_emcee(chain):
    import emcee

    backend = emcee.backends.HDFBackend(str(chain[1]), read_only=True)
    assert backend.get_chain().shape[0] * 5 == chain[0].sampling_["steps"]


def test_checkpoint_of_another_problem_is_refused(problem, estimate, chain, synthetic):
    with pytest.raises(CheckpointError, match="belongs to other data, priors, seed"):
        sample(problem, estimate, seed=6, checkpoint=chain[1], walkers=16, resume=True, progress=False)


def test_resume_without_or_with_a_broken_checkpoint(problem, estimate, tmp_path):
    with pytest.raises(ValueError, match="resume needs checkpoint"):
        sample(problem, estimate, walkers=16, resume=True, progress=False)
    with pytest.raises(CheckpointError, match="no checkpoint there"):
        sample(problem, estimate, walkers=16, checkpoint=tmp_path / "none.h5", resume=True, progress=False)
    (tmp_path / "bad.h5").write_text("text")
    with pytest.raises(CheckpointError, match="not a checkpoint"):
        sample(problem, estimate, walkers=16, checkpoint=tmp_path / "bad.h5", resume=True, progress=False)


def test_too_few_walkers(problem, estimate):
    with pytest.raises(ValueError, match="even number of at least 10"):
        sample(problem, estimate, walkers=8)


def test_posterior_saves_and_loads(chain, tmp_path):
    chain[0].save(tmp_path / "posterior.nc")
    loaded = Posterior.load(tmp_path / "posterior.nc")
    assert loaded.names == chain[0].names
    assert loaded.sampling_["steps"] == chain[0].sampling_["steps"]
    assert loaded.dataset_.equals(chain[0].dataset_)
    assert loaded.dataset_[loaded.names[1]].attrs["units"] == "Ohm.m2"
    assert "Posterior (" in repr(loaded)


def test_stopping_at_max_steps_says_so(problem, estimate):
    short = sample(problem, estimate, seed=1, walkers=16, max_steps=50, progress=False)
    assert short.sampling_["status"].startswith("stopped at max_steps")
