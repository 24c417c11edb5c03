"""Sweeps: right numbers, whatever computes them; interrupted ones end as if they had not been."""

import importlib.util
import pickle
import sys
import warnings

import numpy as np
import pybamm
import pytest
import xarray as xr

import assb
from assb.models.compiled import CompilerError, CompilerWarning, Protocol, Step, compile_model
from assb.sweeps import run as sweep_module
from assb.sweeps import runners
from assb.sweeps.design import make_design

RADIUS = "Positive particle radius [m]"
PRESSURE = "Stack pressure [MPa]"
STEPS = [(600.0, -2e-4), (120.0, 0.0)]
PROTOCOL = Protocol.from_steps(STEPS, [0.0, 60.0, 600.0, 720.0])
GRID = {RADIUS: [2e-6, 3e-6, 4e-6], PRESSURE: [10.0, 50.0]}
SUMMARY = {"Voltage [V]": ["final", "min", "max", "mean"]}


@pytest.fixture(scope="module")
def pv():
    return assb.parameters.get("NCM811_LPSCl_InLi")


@pytest.fixture(scope="module")
def model():
    return assb.models.SPM()


@pytest.fixture(autouse=True, scope="module")
def compile_once():
    """Tests ask for the same few models again and again; each compiles, and is checked, once."""
    plain, made = runners.compiled.compile_model, {}

    def compile_model(model, values, names, sources, var_pts=None, fallback=True):
        key = (id(model), id(values), tuple(names), tuple(sources))
        if key not in made:
            # With the objects, lest their identities serve others.
            made[key] = plain(model, values, names, sources, var_pts, fallback=fallback), model, values
        return made[key][0]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(runners.compiled, "compile_model", compile_model)
        yield


def run(model, pv, factors=GRID, protocol=PROTOCOL, client=None, **options):
    return assb.sweep(model, pv, factors, protocol, client, progress=False, **options)


class Future:
    def __init__(self, value):
        self.value = value

    def cancel(self):
        pass


class StandIn:
    """What a sweep needs of a dask client; everything crosses a pickle, as it would to a worker."""

    def __init__(self, fail_after=None):
        self.left = fail_after

    def submit(self, function, *arguments):
        function, *arguments = pickle.loads(pickle.dumps((function, *arguments)))
        return Future(function(*arguments))

    def gather(self, future):
        if self.left == 0:
            raise KeyboardInterrupt
        if self.left is not None:
            self.left -= 1
        return future.value


def test_factorial_has_one_labelled_dimension_per_factor(model, pv):
    ds = run(model, pv, outputs=["Voltage [V]", PRESSURE])
    assert ds["Voltage [V]"].dims == (RADIUS, PRESSURE, "time")
    # A series that is called as a factor is must not be mistaken for it.
    assert ds[f"{PRESSURE} (series)"].dims == (RADIUS, PRESSURE, "time")
    assert ds["Voltage [V]"].attrs["units"] == "V"
    assert ds[RADIUS].attrs["units"] == "m"
    assert ds.attrs["failures"] == 0
    assert set(ds["reason"].values.ravel()) == {""}
    fast = compile_model(model, pv, [RADIUS, PRESSURE], ["Voltage [V]"], check=False)
    one = fast.simulate(PROTOCOL, {RADIUS: 3e-6, PRESSURE: 10.0}, tolerance_mV=None)
    picked = ds["Voltage [V]"].sel({RADIUS: 3e-6, PRESSURE: 10.0})
    np.testing.assert_allclose(picked, one["Voltage [V]"], rtol=1e-12)


def test_reductions(model, pv):
    series = run(model, pv)["Voltage [V]"]
    ds = run(model, pv, outputs=SUMMARY)
    for name, expected in {
        "final": series.isel(time=-1),
        "min": series.min("time"),
        "max": series.max("time"),
        "mean": series.integrate("time") / (series.time[-1] - series.time[0]),
    }.items():
        np.testing.assert_allclose(ds[f"Voltage [V] ({name})"], expected, rtol=1e-12)
    assert "time" not in ds.sizes


@pytest.mark.parametrize("design", ["latin hypercube", "sobol"])
def test_sampled_designs_fill_the_box_and_repeat_with_the_seed(design):
    factors = {RADIUS: (1e-6, 1e-4, "log"), PRESSURE: (10, 90)}
    plan = make_design(factors, design, 64, seed=1)
    assert np.array_equal(plan.points, make_design(factors, design, 64, seed=1).points)
    assert not np.array_equal(plan.points, make_design(factors, design, 64, seed=2).points)
    unit = np.stack([np.log(plan.points[:, 0] / 1e-6) / np.log(100), (plan.points[:, 1] - 10) / 80], axis=-1)
    # Both have one point in each of n equal slices of every factor.
    for column in unit.T:
        assert np.array_equal(np.sort((64 * column).astype(int)), np.arange(64))


def test_sampled_design_as_data_set(model, pv, tmp_path):
    factors = {RADIUS: (1e-6, 5e-6, "log"), PRESSURE: (10, 90)}
    ds = run(model, pv, factors, outputs=SUMMARY, design="sobol", n=8, seed=3)
    assert dict(ds.sizes) == {"sample": 8}
    assert ds[RADIUS].dims == ("sample",)
    with warnings.catch_warnings():  # NetCDF cannot mark names with a space as coordinates
        warnings.simplefilter("ignore", xr.SerializationWarning)
        ds.to_netcdf(tmp_path / "sweep.nc", engine="h5netcdf")
    with xr.open_dataset(tmp_path / "sweep.nc", engine="h5netcdf") as back:
        xr.testing.assert_equal(back.load().set_coords([RADIUS, PRESSURE]), ds)


def test_failures_are_nan_with_a_reason(model, pv):
    factors = {"Initial stoichiometry in positive electrode": [0.85, 0.3]}
    ds = run(model, pv, factors, [(3600.0, -1e-3)], outputs=SUMMARY)
    assert ds.attrs["failures"] == 1
    assert ds["reason"].values[0] == ""
    assert "consistent state" in str(ds["reason"].values[1]) or "not finite" in str(ds["reason"].values[1])
    assert np.isfinite(ds["Voltage [V] (final)"].values[0])
    assert np.isnan(ds["Voltage [V] (final)"].values[1])


def test_every_way_of_computing_gives_identical_numbers(model, pv, monkeypatch):
    monkeypatch.setattr(sweep_module, "BLOCK_RUNS", 4)
    whole = run(model, pv, outputs=SUMMARY)
    xr.testing.assert_identical(whole, run(model, pv, outputs=SUMMARY, threads=1))
    xr.testing.assert_identical(whole, run(model, pv, outputs=SUMMARY, client=StandIn()))


@pytest.mark.skipif(
    importlib.util.find_spec("distributed") is None, reason="dask.distributed is not installed"
)
def test_dask_client_gives_identical_numbers(model, pv, monkeypatch):
    from dask.distributed import Client

    monkeypatch.setattr(sweep_module, "BLOCK_RUNS", 4)
    with Client(processes=False, dashboard_address=None) as client:
        xr.testing.assert_identical(run(model, pv), run(model, pv, client=client))


def test_interrupted_sweep_resumes_to_the_identical_data_set(model, pv, monkeypatch, tmp_path):
    monkeypatch.setattr(sweep_module, "BLOCK_RUNS", 1)
    whole = run(model, pv, outputs=SUMMARY)
    with pytest.raises(KeyboardInterrupt):
        run(model, pv, outputs=SUMMARY, checkpoint=tmp_path / "c", client=StandIn(fail_after=2))
    assert len(list((tmp_path / "c").glob("block-*.npz"))) == 2
    computed = []
    plain = runners.CompiledRunner.run
    monkeypatch.setattr(
        runners.CompiledRunner,
        "run",
        lambda self, p, threads=None: computed.append(1) or plain(self, p, threads),
    )
    xr.testing.assert_identical(whole, run(model, pv, outputs=SUMMARY, checkpoint=tmp_path / "c"))
    assert len(computed) == 4
    (tmp_path / "c" / "block-000001.npz").write_bytes(b"half a block")
    xr.testing.assert_identical(whole, run(model, pv, outputs=SUMMARY, checkpoint=tmp_path / "c"))
    assert len(computed) == 5
    with pytest.raises(ValueError, match="holds another sweep"):
        run(model, pv, checkpoint=tmp_path / "c")


def test_without_compiler_runs_one_by_one_with_a_warning(model, pv, monkeypatch):
    ours = run(model, pv, {RADIUS: [2e-6, 4e-6]}, outputs=SUMMARY)

    def refuse(*_, **__):
        raise CompilerError("no C compiler found")

    monkeypatch.setattr(runners.compiled, "compile_model", refuse)
    monkeypatch.setattr("assb.models.compiled.compiler._warned", set())
    with pytest.warns(CompilerWarning, match="one set after another.*no C compiler found"):
        slow = run(model, pv, {RADIUS: [2e-6, -1.0, 4e-6]}, outputs=SUMMARY)
    for name in ("final", "min", "max", "mean"):
        label = f"Voltage [V] ({name})"
        np.testing.assert_allclose(slow[label][[0, 2]], ours[label], atol=3e-4)
        assert np.isnan(slow[label][1])
    assert slow.attrs["failures"] == 1


def test_missing_dask_is_said_clearly(model, pv, monkeypatch):
    monkeypatch.setitem(sys.modules, "dask.distributed", None)
    monkeypatch.setitem(sys.modules, "dask", None)
    with pytest.raises(ImportError, match=r"pip install 'assb\[cluster\]'"):
        run(model, pv, client="local")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"design": "grid"}, "latin hypercube"),
        ({"factors": {}}, "empty"),
        ({"factors": {RADIUS: []}}, "non-empty"),
        ({"factors": {RADIUS: [1e-6, 1e-6]}}, "twice"),
        ({"factors": {RADIUS: ["small"]}}, "list of numbers"),
        ({"n": 5}, "no meaning"),
        ({"design": "sobol"}, "positive number of runs"),
        ({"design": "sobol", "n": 4, "factors": {RADIUS: [1e-6]}}, "low < high"),
        ({"design": "sobol", "n": 4, "factors": {RADIUS: (0.0, 1e-6, "log")}}, "must be positive"),
        ({"factors": {"Radius": [1.0, 2.0]}}, "not a parameter"),
        ({"factors": {"Upper voltage cut-off [V]": [3.0, 4.0]}}, "no effect"),
        ({"outputs": ["Voltage"]}, "not a variable"),
        ({"outputs": "Voltage [V]"}, "is a string"),
        ({"outputs": {"Voltage [V]": "median"}}, "'mean'"),
        ({"protocol": ["Charge at 1C"]}, "duration"),
        ({"client": object()}, "dask.distributed.Client"),
    ],
)
def test_errors_name_the_remedy(model, pv, changes, message):
    with pytest.raises(ValueError, match=message):
        run(model, pv, **changes)


def test_models_that_cannot_be_compiled_still_sweep():
    """A table in the model: no closed form, hence the reference solver."""
    values = pybamm.ParameterValues("Chen2020")
    x = np.linspace(0.2, 1.0, 50)
    table = {"Positive electrode OCP [V]": lambda sto: pybamm.Interpolant(x, 4.5 - x, sto)}
    values.update(table)
    factors = {"Positive electrode active material volume fraction": [0.6, 0.65]}
    with pytest.warns(CompilerWarning, match="interpolant"):
        ds = run(pybamm.lithium_ion.SPM(), values, factors, [(60.0, 0.05)], outputs={"Voltage [V]": "final"})
    assert np.isfinite(ds["Voltage [V] (final)"]).all()


def test_steps_end_at_cutoffs(model, pv):
    """What a designer asks for: capacity to a cut-off, and the pressure there, over a design."""
    capacity = pv["Nominal cell capacity [A.h]"]
    steps = [Step.current(-capacity / 2, until=3.6), (600.0, 0.0), Step.current(capacity / 2, until=2.6)]
    factors = {RADIUS: [2e-6, 4e-6], PRESSURE: [10.0, 50.0]}
    ds = assb.sweep(model, pv, factors, steps, outputs={"Voltage [V]": "final"}, progress=False)
    assert ds["Charge [A.h]"].dims == (RADIUS, PRESSURE, "step")
    assert (ds["Charge [A.h]"].sel(step=3) > 0).all()
    assert (ds["Charge [A.h]"].sel(step=3).diff(RADIUS) < 0).all()
    np.testing.assert_allclose(ds["Voltage [V] (final)"], 2.6, atol=1e-4)
    np.testing.assert_allclose(ds["Duration [s]"].sel(step=2), 600.0)
    fast = compile_model(model, pv, [RADIUS, PRESSURE], ["Voltage [V]"], check=False)
    one = fast.cycle(fast_steps(steps), 1, {RADIUS: 4e-6, PRESSURE: 10.0})
    picked = ds["Charge [A.h]"].sel({RADIUS: 4e-6, PRESSURE: 10.0})
    np.testing.assert_allclose(picked, one["Charge [A.h]"].values[0], rtol=1e-6)
    assert set(ds["reason"].values.ravel()) == {""}


def fast_steps(steps):
    return [step if isinstance(step, Step) else Step.current(step[1], duration=step[0]) for step in steps]


def test_steps_keep_what_is_known_at_their_end(model, pv):
    with pytest.raises(ValueError, match="kept at its end"):
        assb.sweep(model, pv, {RADIUS: [2e-6]}, [Step.rest(60.0)], progress=False)
