import dataclasses
import html
import os
import re
from html.parser import HTMLParser

import pytest
from matplotlib.figure import Figure

from assb.plotting import FIGURES
from assb.report import render_report, write_report

SECTIONS = [
    "summary",
    "fit",
    "overpotentials",
    "pressure",
    "parameters",
    "identifiability",
    "sampling",
    "predictive",
    "timing",
    "citation",
    "provenance",
]


class Page(HTMLParser):
    """Collects what a reader sees, the tags, and every attribute that could load something."""

    def __init__(self, text):
        super().__init__()
        self.words, self.tags, self.links, self.ids, self.hidden = [], [], [], [], 0
        self.feed(text)
        self.close()
        self.visible = " ".join(" ".join(self.words).split())

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.hidden += tag in {"style", "script"}
        for key, value in attrs:
            if key in {"src", "href", "xlink:href", "srcset", "action", "data"}:
                self.links.append(value)
            if key == "id":
                self.ids.append(value)

    def handle_endtag(self, tag):
        self.hidden -= tag in {"style", "script"}

    def handle_data(self, data):
        if not self.hidden:
            self.words.append(data)


@pytest.fixture
def blank():
    """Empty figures in place of the real ones, for tests of everything else."""
    return {name: Figure(figsize=(1, 1)) for name in FIGURES}


@pytest.fixture(scope="module")
def page(sampled):
    return render_report(sampled)


@pytest.fixture(scope="module")
def bare_page(bare):
    return render_report(bare)


@pytest.mark.parametrize("which", ["page", "bare_page"])
def test_every_section_is_there_and_linked(which, request):
    parsed = Page(request.getfixturevalue(which))
    for key in SECTIONS:
        assert key in parsed.ids
        assert f"#{key}" in parsed.links


@pytest.mark.parametrize("which", ["page", "bare_page"])
def test_nothing_is_shown_that_is_not_a_value(which, request):
    visible = Page(request.getfixturevalue(which)).visible
    assert not re.search(r"\b(nan|none|inf|null|undefined)\b", visible, re.IGNORECASE)


@pytest.mark.parametrize("which", ["page", "bare_page"])
def test_the_page_needs_nothing_else(which, request):
    text = request.getfixturevalue(which)
    parsed = Page(text)
    assert all(link.startswith(("#", "data:image/")) for link in parsed.links)
    assert not {"script", "link", "iframe", "object", "embed"} & set(parsed.tags)
    assert not re.search(r"url\(\s*['\"]?(?!#)|@import|https?:", text)
    assert len(parsed.ids) == len(set(parsed.ids))
    assert {link[1:] for link in parsed.links if link.startswith("#")} <= set(parsed.ids)
    assert len(text.encode()) < 4e6


def test_the_numbers_are_shown(page, sampled):
    visible = Page(page).visible
    assert f"{sampled.metrics['rmse_mV']:.2f}" in visible
    assert "(1.30 ± 0.36) × 10⁻¹⁵ m² s⁻¹" in visible
    assert "worst point" in visible
    assert "not converged: 42 autocorrelation times" in visible
    assert sampled.data_sha256 in visible
    assert str(sampled.seed) in visible
    assert 'name = "DFN"' in visible


def test_without_samples_the_page_says_so(bare_page):
    visible = Page(bare_page).visible
    assert "The posterior was not sampled" in visible
    assert "No band" in visible
    assert "Identifiability was not computed" in visible


def test_samples_without_diagnostics_are_still_drawn(sampled, blank):
    parsed = Page(render_report(dataclasses.replace(sampled, sampling=None), blank))
    assert "figure-corner" in parsed.ids
    assert "figure-trace" in parsed.ids


def test_missing_numbers_become_dashes(bare, blank):
    nothing = float("nan")
    rows = [row | dict.fromkeys(("map", "sd", "shrinkage", "distance_to_bound")) for row in bare.parameters]
    rows[0] |= {"map": nothing, "sd": nothing, "prior": None, "prior_source": None}
    text = render_report(
        dataclasses.replace(
            bare,
            parameters=rows,
            metrics={"rmse_mV": nothing, "segments": {"charge": {"rmse_mV": None}}},
            timing={"compile": nothing},
            sampling={"status": None, "ess_min": nothing},
            seed=None,
        ),
        blank,
    )
    visible = Page(text).visible
    assert not re.search(r"\b(nan|none)\b", visible, re.IGNORECASE)
    assert "–" in visible


def test_text_is_escaped(bare, blank):
    evil = "<script>alert('x')</script><img src=x onerror=alert(1)>"
    rows = [dict(bare.parameters[0], label=evil, prior=evil, prior_source=evil)]
    text = render_report(
        dataclasses.replace(
            bare,
            title=evil,
            subtitle=evil,
            summary=[evil],
            parameters=rows,
            config_text=evil,
            citations=[evil],
        ),
        blank,
    )
    parsed = Page(text)
    assert "script" not in parsed.tags
    assert "img" not in parsed.tags
    assert html.escape(evil, quote=False)[:10] in text


def test_given_figures_are_used_and_strangers_get_a_section(bare, blank):
    fig = Figure()
    fig.text(0.5, 0.5, "hello")
    parsed = Page(render_report(bare, blank | {"profile & likelihood": fig}))
    assert "more" in parsed.ids
    assert "profile & likelihood" in parsed.visible


def test_a_large_figure_becomes_a_bitmap(bare):
    from assb.report.svg import embed

    fig = Figure(figsize=(2, 1))
    assert "<svg" in embed(fig, "small", "a figure")
    assert embed(fig, "large", 'a "figure"', limit=10).startswith(
        '<img class="bitmap" alt="a &#34;figure&#34;"'
    )


def test_write_is_atomic(tmp_path, bare, blank, monkeypatch):
    target = tmp_path / "out" / "report.html"
    assert write_report(target, bare, blank) == target
    before = target.read_bytes()
    assert before.startswith(b"<!doctype html>")

    def fail(*args):
        raise OSError("disk full")

    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(OSError, match="disk full"):
        write_report(target, dataclasses.replace(bare, title="another"), blank)
    assert target.read_bytes() == before
    assert [item.name for item in target.parent.iterdir()] == ["report.html"]


def test_a_failing_figure_leaves_the_old_report(tmp_path, bare, monkeypatch):
    target = tmp_path / "report.html"
    target.write_text("old")

    def fail(data):
        raise RuntimeError("no figure")

    monkeypatch.setitem(FIGURES, "voltage_fit", fail)
    with pytest.raises(RuntimeError, match="no figure"):
        write_report(target, bare)
    assert target.read_text() == "old"
