import numpy as np
import pytest

from assb.models.compiled import Protocol

NAN = float("nan")


@pytest.mark.parametrize(
    ("steps", "times", "options", "message"),
    [
        ([], None, {}, "steps=.* is empty"),
        ([(0.0, 1.0)], None, {}, r"steps\[0\] duration=0.0 must be positive"),
        ([(1.0, 1.0), (-2.0, 1.0)], None, {}, r"steps\[1\] duration=-2.0 must be positive"),
        ([(NAN, 1.0)], None, {}, r"steps\[0\] duration=nan is not finite"),
        ([(1.0, float("inf"))], None, {}, r"steps\[0\] current=inf is not finite"),
        ([(1.0, "C/2")], None, {}, r"steps\[0\] current='C/2' is not a number"),
        ([(1.0, 2.0, 3.0)], None, {}, "must be a pair"),
        ([(10.0, 1.0)], [1.0, 11.0], {}, r"output_times\[1\]=11 s lies outside the protocol, 0 to 10 s"),
        ([(10.0, 1.0)], [-1.0, 5.0], {}, r"output_times\[0\]=-1 s lies outside"),
        ([(10.0, 1.0)], [5.0, 5.0], {}, r"output_times\[1\]=5 does not exceed"),
        ([(10.0, 1.0)], [5.0, NAN], {}, r"output_times\[1\]=nan is not finite"),
        ([(10.0, 1.0)], [], {}, "non-empty"),
        ([(10.0, 1.0)], [[1.0]], {}, "one-dimensional"),
        ([(10.0, 1.0)], None, {"refine": 0.0}, "refine=0.0 must be positive"),
        ([(10.0, 1.0)], None, {"growth": 1.0}, "growth=1.0 must exceed 1"),
        ([(10.0, 1.0)], None, {"first_step": -1.0}, "first_step=-1.0 must be positive"),
        ([(10.0, 1.0)], None, {"max_step": 0.0}, "max_step=0.0 must be positive"),
        ([(10.0, 1.0)], None, {"initial_current": NAN}, "initial_current=nan is not finite"),
    ],
)
def test_rejects(steps, times, options, message):
    with pytest.raises(ValueError, match=message):
        Protocol.from_steps(steps, times, **options)


@pytest.mark.parametrize("refine", [0.5, 1.0, 3.0])
def test_grid_hits_outputs_and_switches(refine):
    times = np.array([0.0, 0.3, 7.0, 100.0, 100.2, 333.3, 500.0])
    protocol = Protocol.from_steps([(100.0, 5.0), (0.1 + 0.2, 0.0), (499.7, -1.0)], times, refine=refine)
    reached = np.cumsum(protocol.h)
    np.testing.assert_allclose(reached[protocol.emit.astype(bool)], times[1:], atol=1e-6)
    for switch in (100.0, 100.3, 600.0):
        assert np.min(np.abs(reached - switch)) < 1e-6
    assert (protocol.h > 0).all()
    assert protocol.h[0] <= 0.25 / refine + 1e-12
    # An output on a switch still sees the current before it; t = 0 sees the initial one.
    np.testing.assert_array_equal(protocol.output_current, [0.0, 5.0, 5.0, 5.0, 0.0, -1.0, -1.0])


def test_output_times_default_to_the_grid():
    protocol = Protocol.from_steps([(60.0, 1.0), (60.0, 0.0)], initial_current=0.5)
    assert protocol.n_times == protocol.h.size + 1
    assert protocol.emit.all()
    assert protocol.emit_initial
    assert protocol.output_times[-1] == pytest.approx(120.0)
    assert protocol.output_current[0] == 0.5


def test_refine_scales_the_number_of_steps():
    counts = [Protocol.from_steps([(3600.0, 1.0)], refine=r).h.size for r in (1.0, 2.0, 4.0)]
    assert counts[1] / counts[0] == pytest.approx(2.0, rel=0.15)
    assert counts[2] / counts[0] == pytest.approx(4.0, rel=0.15)


def test_grid_is_immutable_and_described():
    protocol = Protocol.from_steps([(60.0, 1.0)], [60.0])
    with pytest.raises(ValueError, match="read-only"):
        protocol.h[0] = 1.0
    assert "60 s" in repr(protocol)


def test_interpolated_outputs(spm):
    """Few integration steps, many output times, switches included; exact derivatives too."""
    steps = [(2700.0, 5.0), (0.3, 0.0), (900.0, 0.0), (1800.0, -2.5)]
    times = np.concatenate([[0.0, 0.1, 1.0, 2700.0, 2700.2], np.arange(2701.0, 5400.0, 7.0)])
    coarse = Protocol.from_steps(steps, times, max_step=60.0, interpolate=True)
    fine = Protocol.from_steps(steps, times, refine=2.0)
    assert coarse.h.size < fine.h.size / 3
    np.testing.assert_array_equal(coarse.output_current, fine.output_current)
    np.testing.assert_array_equal(coarse.output_times, fine.output_times)
    p = spm.vector()
    expected, slopes = spm.jacobian(fine, p)
    assert np.abs(spm.evaluate(coarse, p) - expected)[:, 0].max() < 1e-4
    np.testing.assert_allclose(spm.evaluate_many(coarse, p[None])[0][0], spm.evaluate(coarse, p), atol=1e-9)
    found = spm.jacobian(coarse, p)[1]
    scale = np.abs(slopes).max(axis=0) + 1e-30
    np.testing.assert_allclose(found / scale, slopes / scale, rtol=0, atol=0.01)
