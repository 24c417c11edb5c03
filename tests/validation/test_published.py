"""Files of published figures, studies, baselines, and the table they give."""

from __future__ import annotations

import json
import math

import numpy as np
import pytest

from assb.fitting import LogNormal
from assb.validation.published import (
    STUDIES,
    Quantity,
    Study,
    Target,
    TargetError,
    Tolerance,
    calibrate_study,
    freeze,
    leave_one_out,
    read_targets,
    register,
    run,
)
from assb.validation.published.baselines import interpolation, study_mean
from assb.validation.published.page import write_page

HEADER = "id,value,unit,tol,kind,role\n"
TEN = Tolerance("rel", 0.1)


def target(id, value, role="calibrate", tol=TEN, unit="V"):
    return Target(id, "q", value, unit, tol, "observable", role, "", "", "")


def law(constants, parts):
    return constants["slope"] * float(parts["x"]) ** 2


@pytest.fixture
def study(monkeypatch):
    """A quadratic with one constant; the truth is 2."""
    made = Study(
        "toy",
        "A parabola",
        "nobody",
        (Quantity(r"area_(?P<sample>[a-z]+)_(?P<x>[\d.]+)", "V", law),),
        {"slope": LogNormal(median=1.0, factor=3.0, source="test")},
        samples="sample",
    )
    monkeypatch.setitem(STUDIES, "toy", made)
    return made


ROWS = [
    target("toy_area_a_1", 2.04),
    target("toy_area_a_2", 7.9),
    target("toy_area_b_3", 18.1),
    target("toy_area_b_4", 32.3, "predict"),
]


@pytest.mark.parametrize(
    ("text", "value", "published", "expected"),
    [
        ("abs 3", 48.0, 45.0, 1.0),
        ("rel 0.1", 0.9, 1.0, -1.0),
        ("rel 0.2", -70.4, -64.0, -0.5),
        ("factor 1.5", 3.0, 2.0, 1.0),
        ("factor 2", -0.1, -0.2, -1.0),
    ],
)
def test_distances_in_tolerances(text, value, published, expected):
    assert Tolerance.parse(text).deviation(value, published) == pytest.approx(expected)


def test_a_factor_does_not_forgive_the_sign():
    assert Tolerance.parse("factor 2").deviation(-0.2, 0.2) < -10


@pytest.mark.parametrize("text", ["", "abs", "rel 0", "factor 1", "times 2", "abs -3"])
def test_tolerances_that_say_nothing(text):
    with pytest.raises(ValueError, match="tol = "):
        Tolerance.parse(text)


def test_the_figures_of_the_package():
    rows = read_targets()
    scored = [row for row in rows if row.scored]
    assert len(rows) == 235
    assert len(scored) == 161
    assert {row.role for row in scored} == {"calibrate", "predict"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("id,value\n", "has no column 'unit'"),
        (HEADER + "a_b,x,V,abs 1,observable,predict\n", "line 2: value = 'x': give a number"),
        (HEADER + "a_b,1,V,near,observable,predict\n", "line 2: tol = 'near'"),
        (HEADER + "a_b,1,V,abs 1,observable,guess\n", "line 2: role = 'guess'"),
        (HEADER + "a_b,1,V,abs 1,observable,predict\n" * 2, "line 3: id = 'a_b' is given twice"),
    ],
)
def test_files_that_cannot_be_read(tmp_path, text, words):
    path = tmp_path / "t.csv"
    path.write_text(text)
    with pytest.raises(TargetError, match=words):
        read_targets(path)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(TargetError, match="cannot be read"):
        read_targets(tmp_path / "no.csv")


def test_a_study_is_registered_once(study, monkeypatch):
    monkeypatch.delitem(STUDIES, "toy")
    assert register(study) is STUDIES["toy"]
    with pytest.raises(ValueError, match="key = 'toy': a study of this key exists"):
        register(study)


def test_constants_are_found_and_frozen(study, tmp_path):
    found = calibrate_study(study, ROWS, starts=2)
    assert found.rows == ("toy_area_a_1", "toy_area_a_2", "toy_area_b_3")
    assert found.mapping()["slope"] == pytest.approx(2.0, rel=0.03)
    # Three rows of half a tolerance each, times the scatter that they decide: a relative sd of scatter*0.1/sqrt(3).
    sd = found.spread(study, "toy_area_b_4", math.log)
    assert sd == pytest.approx(found.scatter * 0.1 / math.sqrt(3), rel=0.1)
    assert freeze(found, tmp_path).read_text().startswith("{")


def test_too_many_constants_are_refused(study):
    with pytest.raises(ValueError, match="1 constants for 2 rows that calibrate them: use at most a third"):
        calibrate_study(study, ROWS[:2])


def test_a_table_of_published_figures(study, tmp_path):
    constants = calibrate_study(study, ROWS, starts=2)
    rows = [*ROWS, target("toy_area_b_5", 50.0, "predict", unit="mV"), target("toy_mass_b_5", 1.0, "predict")]
    table = run(rows, constants={"toy": constants})
    by_id = {row.id: row for row in table}
    last = by_id["toy_area_b_4"]
    assert last.within
    assert last.role == "predicted"
    assert last.low < 32.3 < last.high
    assert last.model == pytest.approx(16 * constants.values[0])
    assert by_id["toy_area_b_5"].reason == "unit 'mV' is not 'V'"
    assert by_id["toy_mass_b_5"].reason == "no evaluator for this quantity"
    assert table.evaluated == pytest.approx(4 / 6)
    assert table.share("predicted") == 1.0
    assert "published figures" in repr(table)
    assert len(table.to_pandas()) == 6
    page = write_page(tmp_path / "page.html", table, {"toy": leave_one_out("toy", ROWS)}).read_text()
    assert "A parabola" in page
    assert "Each sample predicted from the others: 4 of 4 rows within" in page
    assert "<svg" in page


def test_a_model_that_fails_is_reported(study):
    broken = Study("toy", "t", "s", (Quantity(r"area_(?P<x>[\d.]+)", "V", lambda c, p: 1 / 0),))
    STUDIES["toy"] = broken
    (row,) = run([target("toy_area_1", 1.0)])
    assert not row.evaluated
    assert row.reason == "ZeroDivisionError: division by zero"
    assert row.to_dict()["model"] is None


def test_samples_are_needed_to_leave_one_out(study):
    STUDIES["toy"] = Study("toy", "t", "s", study.quantities)
    with pytest.raises(ValueError, match="has no samples to leave out"):
        leave_one_out("toy", ROWS)


def test_baselines():
    factor = Tolerance("factor", 1.3)
    known = [
        target("s_sion_85_20", 1.0, tol=factor),
        target("s_sion_50_20", 16.0, tol=factor),
        target("s_sion_85_3", 0.5, tol=factor),
        target("s_sel_85_20", 3.0, tol=factor),
    ]
    asked = target("s_sion_67.5_20", 1.0, "predict", tol=factor)
    assert interpolation(asked, known) == pytest.approx(4.0)  # logarithmic, in the composition
    assert study_mean(asked, known) == pytest.approx(np.cbrt(8.0))
    assert interpolation(target("s_other_1", 1.0), known) is None
    assert study_mean(target("t_other_1", 1.0), known) is None
    linear = [target("s_dP_100", 0.3), target("s_dP_10", 0.2)]
    assert interpolation(target("s_dP_55", 0.0), linear) == pytest.approx(0.25)
    signed = [target("k_a", 0.5, tol=factor), target("k_b", -0.3, tol=factor)]
    assert study_mean(target("k_c", 1.0, tol=factor), signed) == pytest.approx(0.1)


def test_command(study, tmp_path):
    """A file of the user's own, its table on the terminal, JSON and a page in a folder."""
    from typer.testing import CliRunner

    from assb.cli import app

    path = tmp_path / "mine.csv"
    path.write_text(
        HEADER + "toy_area_a_1,2.04,V,rel 0.1,observable,predict\nnone_x_1,1,V,abs 1,observable,predict\n"
    )
    found = CliRunner().invoke(
        app, ["validate", "--targets", str(path), "--json", "--out", str(tmp_path / "out")]
    )
    assert found.exit_code == 0, found.output
    rows = json.loads(found.stdout)
    assert rows == json.loads((tmp_path / "out" / "published.json").read_text())
    needed = {"id", "published", "model", "unit", "deviation", "within", "role", "evaluated", "reason"}
    assert all(needed <= row.keys() for row in rows)
    assert [row["role"] for row in rows] == ["predicted", "predicted"]
    assert rows[1]["reason"] == "no study of this key"
    assert (tmp_path / "out" / "published.html").is_file()
    table = CliRunner().invoke(app, ["validate", "--targets", str(path), "--only", "none"])
    assert "none_x_1" in table.stdout
    assert "toy" not in table.stdout
