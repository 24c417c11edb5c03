"""Propositions: what a run says, what each is expected to say, the command."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from assb import validation
from assb.cli import app
from assb.validation.propositions import Finding, load
from assb.validation.propositions.registry import PROPOSITIONS, Proposition

TABLE = json.loads((Path(__file__).parents[2] / "docs/trends.json").read_text(encoding="utf-8"))
EXPECTED = {row["id"]: row for row in TABLE}
#: Short ones.
QUICK = ("E3", "G1", "G2", "H2")


def judged(found: bool, control: bool):
    """Trend of a proposition whose test and control find this."""
    test = lambda reverse: Finding(control if reverse else found, {"x": 1.0})  # noqa: E731
    return Proposition("Z1", "s", "source", "off", test).run()


@pytest.mark.parametrize(
    ("found", "control", "verdict", "control_verdict"),
    [
        (True, False, "holds", "fails"),
        (True, True, "fails", "holds"),  # the test shows nothing
        (False, False, "fails", "fails"),
        (False, True, "fails", "holds"),
    ],
)
def test_holds_only_where_the_control_does_not(found, control, verdict, control_verdict):
    trend = judged(found, control)
    assert (trend.verdict, trend.control_verdict, trend.run) == (verdict, control_verdict, True)


def test_a_crash_is_a_verdict_with_its_reason():
    def test(control):
        raise RuntimeError("the solver gave up")

    trend = Proposition("Z1", "s", "source", "off", test).run()
    assert trend.verdict == "fails"
    assert not trend.run
    assert "gave up" in trend.reason


def test_figures_that_are_no_numbers_become_none():
    trend = Proposition("Z1", "s", "o", "off", lambda _: Finding(False, {"x": float("inf")})).run()
    assert trend.to_dict()["figures"] == {"x": None}


def test_every_proposition_has_its_source_and_its_control_or_reason():
    known = load()
    assert len(known) == 80
    assert known.keys() == PROPOSITIONS.keys()
    for each in known.values():
        assert each.source
        assert each.control if each.test else each.reason


@pytest.mark.slow
def test_the_table_is_that_of_the_code():
    """Otherwise: assb validate --trends --out docs && python docs/trends.py."""
    assert {row["id"]: row["statement"] for row in TABLE} == {k: v.statement for k, v in load().items()}


def test_unknown_ids_are_named():
    with pytest.raises(ValueError, match="Z9"):
        validation.run_trends(["Z9"])


@pytest.mark.parametrize("id", QUICK)
def test_quick_propositions_hold(id):
    (trend,) = validation.run_trends([id])
    assert trend.verdict == "holds", trend


@pytest.mark.slow
@pytest.mark.parametrize("id", sorted(EXPECTED))
def test_every_verdict_is_that_of_the_table(id):
    (trend,) = validation.run_trends([id])
    row = EXPECTED[id]
    assert (trend.verdict, trend.control_verdict, trend.run) == (
        row["verdict"],
        row["control_verdict"],
        row["run"],
    ), trend


def test_command_prints_and_writes_json(tmp_path):
    found = CliRunner().invoke(
        app, ["validate", "--trends", "--only", "G2,E4", "--json", "--quiet", "--out", str(tmp_path)]
    )
    assert found.exit_code == 0, found.output
    rows = json.loads(found.stdout)
    assert rows == json.loads((tmp_path / "trends.json").read_text())
    first, second = rows
    assert {"id", "statement", "run", "verdict", "control_verdict", "reason", "figures"} <= first.keys()
    assert (first["id"], first["verdict"], first["control_verdict"]) == ("G2", "holds", "fails")
    assert (second["run"], second["verdict"], second["control_verdict"]) == (
        False,
        "not representable",
        None,
    )


def test_command_prints_a_table():
    found = CliRunner().invoke(app, ["validate", "--trends", "--only", "E4"])
    assert found.exit_code == 0
    assert "1 propositions: 0 run, 0 hold" in found.stdout


def test_command_verifies(tmp_path):
    found = CliRunner().invoke(
        app, ["validate", "--forms", "--only", "linear growth", "--json", "--out", str(tmp_path)]
    )
    assert found.exit_code == 0
    (row,) = json.loads(found.stdout)
    assert row["passed"] is True
    assert json.loads((tmp_path / "verification.json").read_text()) == [row]


@pytest.mark.parametrize(
    "arguments", [["--trends", "--only", "Z9"], ["--forms", "--only", "linear groth"], ["--only", "nobody"]]
)
def test_command_names_what_it_does_not_know(arguments):
    found = CliRunner().invoke(app, ["validate", *arguments])
    assert isinstance(found.exception, ValueError)
    assert arguments[-1] in str(found.exception)


def test_command_compares_one_thing_at_a_time():
    found = CliRunner().invoke(app, ["validate", "--trends", "--forms"])
    assert isinstance(found.exception, ValueError)
    assert "give one of them" in str(found.exception)


def test_acceleration_multiplies_every_rate_of_ageing_alike():
    from assb import parameters
    from assb.validation.propositions.protocols import AGEING_RATES, accelerated

    for populations, prefixes in (("one", ("",)), ("two", ("Primary: ", "Secondary: "))):
        values = parameters.get("Oh2026_LTO", blend=0.8, populations=populations)
        faster = accelerated(values, 20.0)
        changed = {
            name: faster[name] / values[name] for name in values.keys() if faster[name] != values[name]
        }
        assert changed == {prefix + name: pytest.approx(20.0) for prefix in prefixes for name in AGEING_RATES}
