"""The page of benchmarks is the one its table makes of the results."""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
REMEDY = "run python benchmarks/table.py"


@pytest.fixture(scope="module")
def table():
    specification = importlib.util.spec_from_file_location("table", ROOT / "benchmarks" / "table.py")
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    return module


@pytest.fixture
def results():
    return json.loads((ROOT / "benchmarks" / "results.json").read_text(encoding="utf-8"))


def test_page_is_made_of_the_results(table, results):
    assert (ROOT / "docs" / "benchmarks.md").read_text(encoding="utf-8") == table.page(results), REMEDY


def test_rows_have_the_documented_keys(table, results):
    expected = {"same_model", "peer_model", "product", "ours_ms", "peer_ms", "peer", "states", "n", "note"}
    for key in table.KEYS:
        assert set(results[key]) == expected | {"details"}


@pytest.mark.parametrize(
    ("same", "peer", "verdict"), [(7, 7, "pass"), (7, 5, "**falls short**: `peer_model`")]
)
def test_a_missed_requirement_is_named(table, results, same, peer, verdict):
    results["spm_scalar"] |= {"same_model": same, "peer_model": peer}
    line = next(line for line in table.page(results).splitlines() if line.startswith("| `spm_scalar`:"))
    assert line.split(" | ")[3] == f"6: {verdict}"


def test_compile_times_are_judged(table, results):
    found = {"build_s": 50.0, "lanes_s": 9.0, "cached_build_s": 1.0, "cached_load_s": 0.05, "states": 5}
    results["compile"] = {"dfn": {"gcc": found, "ziglang": None}}
    page = table.page(results)
    assert "| DFN | gcc | 50 | **falls short** | 9 | 1 | 0.05 | pass |" in page
    assert "| DFN | ziglang | not installed |" in page
