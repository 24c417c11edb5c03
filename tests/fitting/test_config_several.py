"""Configurations with several data sets: what they make, and one clear error for each mistake."""

from __future__ import annotations

import tomllib

import numpy as np
import pandas as pd
import pytest

from assb.fitting import (
    CorrelatedNoise,
    PerCell,
    PerDataset,
    Pooled,
    Spectrum,
    StudentNoise,
    Tied,
    WhiteNoise,
)
from assb.fitting.config import ConfigError, make_problem, parse_config
from assb.fitting.data_files import read_entry
from assb.fitting.dataset import DataError
from assb.fitting.problem import ProblemError
from assb.fitting.schema import DataConfig

Y0 = "Initial stoichiometry in positive electrode"
R_INT = "Positive electrode interface resistance [Ohm.m2]"
CONTACT = "X-averaged positive electrode contact fraction"
PRESSURE = "Stack pressure [MPa]"

TEXT = f"""
[model.options]
"space charge" = "none"
"contact" = "pressure"
"surface form" = "differential"
[cell]
parameter_set = "NCM811_LPSCl_InLi"
[[data]]
file = "slow.csv"
name = "slow"
cell = "one"
[[data]]
file = "spectrum.csv"
cell = "two"
settings = {{ "{PRESSURE}" = 20.0 }}
shifts = {{ "{Y0}" = -0.1 }}
noise = {{ distribution = "student", sd_percent = 2.0 }}
[[data]]
file = "contact.csv"
columns = {{ value = "{CONTACT}" }}
[[parameters]]
name = "{Y0}"
prior = "normal"
mean = 0.865
sd = 0.05
upper = 0.99
[[parameters]]
name = "{R_INT}"
prior = "log-normal"
median = 0.02
factor = 5.0
scope = "pooled"
spread_median = 0.3
[[parameters]]
name = "Solid electrolyte conductivity [S.m-1]"
tied_to = "{R_INT}"
factor = 0.5
[noise]
sd_mV = 3.0
[noise.pressure]
distribution = "normal"
[noise.impedance]
sd_median_percent = 2.0
[discrepancy]
sd_mV = 10.0
[calibration]
backend = "IDAKLU"
"""


def write_files(folder):
    time = np.linspace(0, 1000, 6)
    pd.DataFrame(
        {
            "Time [s]": time,
            "Current [A]": -3e-4,
            "Voltage [V]": np.linspace(3.0, 3.1, 6),
            PRESSURE: np.linspace(50.0, 50.2, 6),
        }
    ).to_csv(folder / "slow.csv", index=False)
    pd.DataFrame(
        {
            "Frequency [Hz]": [1e4, 1e2, 1.0],
            "Real impedance [Ohm]": [100.0, 150.0, 200.0],
            "Imaginary impedance [Ohm]": [-5.0, -20.0, -2.0],
        }
    ).to_csv(folder / "spectrum.csv", index=False)
    pd.DataFrame({PRESSURE: [5.0, 20.0, 50.0], CONTACT: [0.1, 0.15, 0.2]}).to_csv(
        folder / "contact.csv", index=False
    )


def make(folder, *changes):
    text = TEXT
    for before, after in changes:
        assert before in text, before
        text = text.replace(before, after)
    return make_problem(parse_config(tomllib.loads(text), "some.toml"), folder)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("several")
    write_files(folder)
    return folder


@pytest.fixture(scope="module")
def problem(folder):
    return make(folder)


@pytest.fixture
def built(problem, monkeypatch):
    """Model and cell of the problem in place of new ones, for what goes wrong after them."""
    monkeypatch.setattr("assb.fitting.config.make_model", lambda config: problem.model)
    monkeypatch.setattr("assb.fitting.config.make_parameter_values", lambda config: problem.parameter_values)


def test_a_file_whose_header_does_not_say_it_all(tmp_path):
    """Charge positive, milliamperes, several cycles in one file: the keys of `assb.fitting.read`."""
    rows = {
        "t/s": [0, 60, 120, 0, 60, 120],
        "I": [0.3] * 6,
        "U/V": [3.0, 3.1, 3.2, 3.1, 3.2, 3.3],
        "cycle": [1, 1, 1, 2, 2, 2],
    }
    pd.DataFrame(rows).to_csv(tmp_path / "cycler.csv", index=False)
    entry = DataConfig(
        file="cycler.csv",
        columns={"current": "I"},
        units={"current": "mA"},
        current_positive="charge",
        where={"cycle": 2},
    )
    data = read_entry(entry, tmp_path, tabulate=None)
    np.testing.assert_allclose(data.current, -3e-4)
    np.testing.assert_allclose(data.voltage, [3.1, 3.2, 3.3])
    np.testing.assert_allclose(data.steps, [(120.0, -3e-4)])


def test_reading_keys_do_not_belong_to_tables():
    with pytest.raises(
        ValueError, match="where belongs to a time series or a spectrum, not to a table: remove it"
    ):
        DataConfig(file="fade.csv", kind="table", where={"cycle": 2})


def test_what_a_configuration_makes(problem):
    slow, spectrum, table = problem.datasets
    assert [slow.name, spectrum.name, table.name] == ["slow", "spectrum.csv", "contact.csv"]
    assert slow.pressure is not None
    assert isinstance(spectrum, Spectrum)
    assert spectrum.settings == {PRESSURE: 20.0}
    assert spectrum.shifts == {Y0: -0.1}
    np.testing.assert_allclose(table.sd, 0.05 * table.values)
    assert isinstance(problem.rules[R_INT], Pooled)
    assert problem.rules[R_INT].spread.median == 0.3
    assert problem.rules["Solid electrolyte conductivity [S.m-1]"] == Tied(R_INT, 0.5)
    assert problem.rules["Positive electrode OCP correction 2 [V]"].sd == 0.01
    noises = {(k, channel.kind): channel.noise for k, channel in problem.channels()}
    assert isinstance(noises[0, "voltage"], CorrelatedNoise)
    assert noises[0, "voltage"].sd == 0.003
    assert isinstance(noises[0, "pressure"], WhiteNoise)
    assert isinstance(noises[1, "impedance"], StudentNoise)
    assert noises[1, "impedance"].sd == 0.02
    assert "Noise standard deviation [V]" not in problem.noise_names
    assert "Noise correlation time [s]" in problem.noise_names


def test_scopes_in_words(problem):
    from assb.fitting.scopes import scopes, ties

    found = scopes(problem)
    assert list(found) == problem.all_names
    assert found[Y0] == "shared"
    assert found["Positive electrode interface resistance, population mean [Ohm.m2]"] == "population"
    assert found["Positive electrode interface resistance, offset of two"] == "cell two"
    assert found["Noise correlation time [s]"] == "noise"
    assert ties(problem) == [f"Solid electrolyte conductivity [S.m-1] = 0.5 x {R_INT}"]


def test_a_table_is_predicted_by_the_model_at_its_conditions(problem):
    import pybamm

    rows = problem.observations[2].predict(problem.layout.values(np.zeros((2, len(problem.names))), 2))
    values = problem.parameter_values.copy()
    # At the coordinates 0: the mean of y0, and no offset of the population.
    values.update({PRESSURE: 20.0, Y0: 0.865})
    simulation = pybamm.Simulation(problem.model, parameter_values=values)
    solution = simulation.solve([0, 1e-3])
    assert rows.shape == (2, 3)
    np.testing.assert_allclose(rows[0], rows[1])
    assert rows[0][1] == pytest.approx(float(solution[CONTACT].entries[-1]), rel=1e-4)
    assert rows[0][0] < rows[0][1] < rows[0][2]


def test_other_scopes_and_a_single_table_of_data():
    content = tomllib.loads(TEXT)
    content["parameters"][1] = {**content["parameters"][1], "scope": "per cell"}
    content["parameters"][1].pop("spread_median")
    config = parse_config(content)
    assert isinstance(config.parameters[1].to_rule(), PerCell)
    assert isinstance(config.parameters[0].model_copy(update={"scope": "per data set"}).to_rule(), PerDataset)
    content["data"] = {"file": "slow.csv", "kind": "series"}
    content["parameters"][1]["scope"] = "shared"
    assert [entry.file for entry in parse_config(content).data] == ["slow.csv"]


DATA_2 = 'file = "spectrum.csv"'


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ((DATA_2, DATA_2 + '\nkind = "spectra"'), ("data.1.kind", "'spectra'", "'series'")),
        ((DATA_2, DATA_2 + '\nfiles = "x"'), ("data.1.files", "not a known key")),
        ((DATA_2, DATA_2 + '\nname = "slow"'), ("the name 'slow' repeats",)),
        ((DATA_2, DATA_2 + '\nkind = "spectrum"\nsteps = [[1.0, 0.0]]'), ("steps belong to a time series",)),
        ((f'"{Y0}" = -0.1', f'"{PRESSURE}" = -0.1'), ("is in settings and in shifts",)),
        (("spread_median = 0.3", "spread_median = -1"), ("spread_median", "-1", "greater than 0")),
        (('scope = "pooled"', 'scope = "own"'), ("scope", "'own'", "'per data set'")),
        (('scope = "pooled"', 'scope = "per cell"'), ("spread_median belongs to scope",)),
        (('cell = "', '# "'), ("no data set names its cell", 'add cell = "..."')),
        (("factor = 5.0", "factor = 0.5"), ("factor = 0.5", "above 1")),
        (("factor = 0.5", "factor = 0.0"), ("factor = 0", "ratio")),
        (("factor = 0.5", 'factor = 0.5\nprior = "normal"'), ("has no prior", "tied_to")),
        (("factor = 0.5", 'factor = 0.5\nscope = "per cell"'), ("remove scope",)),
        ((f'tied_to = "{R_INT}"\n', ""), ("prior is missing", "tied_to")),
        (('prior = "log-normal"\nmedian = 0.02\nfactor = 5.0', 'prior = "uniform"\nlower = 0.01\nupper = 0.1'),
         ("pooled parameter needs a normal",)),
        (("sd_mV = 3.0", "sd_mV = 3.0\nsd_factor = 2.0"), ("sd_mV is a known size", "sd_factor")),
        (("sd_mV = 3.0", "degrees_of_freedom = 3"), ("degrees_of_freedom", "'correlated'")),
        (("sd_mV = 3.0", 'distribution = "normal"\nwhite = true'), ("white belongs to", "'normal'")),
        (("sd_mV = 3.0", 'distribution = "cauchy"'), ("distribution", "'cauchy'", "'student'")),
        (("[noise.pressure]", "[noise.current]"), ("noise.current", "not a known key")),
        (("[discrepancy]", "[discrepancy]\nopen_circuit_terms = 7"), ("open_circuit_terms", "7")),
        (('backend = "IDAKLU"', 'profiles = ["glue"]'), ("profiles", "'glue'", "not calibrated")),
    ],
)  # fmt: skip
def test_errors_of_the_text(change, words):
    text = TEXT
    assert change[0] in text
    with pytest.raises(ConfigError) as error:
        parse_config(tomllib.loads(text.replace(*change)), "some.toml")
    assert str(error.value).startswith("some.toml: ")
    for word in words:
        assert word in str(error.value), (word, str(error.value))


@pytest.mark.parametrize(
    ("changes", "kind", "words"),
    [
        ([("sd_percent = 2.0", "sd_mV = 2.0")], ConfigError, ("'spectrum.csv', noise", "sd_mV", "not a known key")),
        ([("[cell]", '[model]\narcs = ["glue"]\n[cell]')], ConfigError, ("model.arcs", "'glue'")),
        ([('file = "slow.csv"', 'file = "none.csv"')], DataError, ("none.csv", "cannot be read")),
        ([(f'columns = {{ value = "{CONTACT}" }}', "")], DataError, ("contact.csv", "no known kind", "give kind")),
        ([(f'value = "{CONTACT}"', 'value = "Glue"')], DataError, ("no column 'Glue'",)),
        ([(f'value = "{CONTACT}"', f'value = "{CONTACT}", glue = "x"')], DataError, ("'glue' is not known",)),
        ([(f'value = "{CONTACT}"', f'value = "{CONTACT}", variable = "Contact"')], DataError,
         ("'Contact' is no variable", "did you mean")),
        ([(f'value = "{CONTACT}"', f'value = "{PRESSURE}", variable = "{CONTACT}"')], DataError,
         (f"column '{CONTACT}' is no parameter",)),
        ([(f'"{Y0}" = -0.1', '"Initial stoichiometry" = -0.1')], ProblemError, ("did you mean",)),
        ([('name = "slow"', 'name = "spectrum.csv"')], ConfigError, ("'spectrum.csv' repeats",)),
    ],
)  # fmt: skip
def test_errors_of_making_a_problem(folder, built, changes, kind, words):
    with pytest.raises(kind) as error:
        make(folder, *changes)
    for word in words:
        assert word in str(error.value), (word, str(error.value))


def test_an_error_names_its_table_as_it_stands_in_the_file():
    content = tomllib.loads(TEXT)
    content["data"] = {"file": "slow.csv", "kind": "volts"}
    content["parameters"][1]["scope"] = "shared"
    content["parameters"][1].pop("spread_median")
    with pytest.raises(ConfigError, match=r"^some.toml: data\.kind = 'volts'"):
        parse_config(content, "some.toml")
    content["data"] = [{"file": "slow.csv"}, {"file": "fast.csv", "name": "fast", "steps": [[-1, 0]]}]
    with pytest.raises(ConfigError, match=r"^some.toml: data\.'fast'\.steps\.0\.0 = -1"):
        parse_config(content, "some.toml")


def test_a_spread_between_cells_needs_cells():
    content = tomllib.loads(TEXT)
    content["discrepancy"]["cell_spread"] = True
    content["parameters"][1] = {**content["parameters"][1], "scope": "shared"}
    content["parameters"][1].pop("spread_median")
    assert parse_config(content).discrepancy.to_discrepancy().cell_spread
    for entry in content["data"]:
        entry.pop("cell", None)
    with pytest.raises(ConfigError, match="cell_spread = true, but no data set names its cell"):
        parse_config(content)


def test_a_file_that_is_no_table(folder, built, tmp_path):
    write_files(tmp_path)
    (tmp_path / "contact.csv").write_text("")
    with pytest.raises(DataError, match=r"contact.csv: not a CSV table .*: give a header row"):
        make(tmp_path)


def test_nothing_to_calibrate():
    content = tomllib.loads(TEXT)
    content.pop("parameters")
    assert parse_config(content).parameters == []
    content["discrepancy"]["open_circuit_terms"] = 0
    with pytest.raises(ConfigError, match="is missing: name at least one parameter"):
        parse_config(content)


def test_a_spectrum_needs_double_layers(folder):
    with pytest.raises(ConfigError, match=r'"surface form" is .*: set it to "differential"'):
        make(folder, ('"surface form" = "differential"\n', ""))


def test_a_table_needs_conditions_and_numbers(folder, built, tmp_path):
    write_files(tmp_path)
    (tmp_path / "contact.csv").write_text(f"{CONTACT}\n0.1\n0.2\n")
    with pytest.raises(DataError, match="at least one column of conditions"):
        make(tmp_path)
    (tmp_path / "contact.csv").write_text(f"{PRESSURE},{CONTACT}\n5,low\n")
    with pytest.raises(DataError, match="holds text"):
        make(tmp_path)
    with pytest.raises(DataError, match="a table needs columns"):
        make(folder, (f'columns = {{ value = "{CONTACT}" }}', 'kind = "table"'))
