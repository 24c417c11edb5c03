"""The documentation keeps up with the code: options, public names, figures, links."""

from __future__ import annotations

import importlib
import re
from functools import cache
from pathlib import Path

import pytest

from assb.models.option_table import OPTIONS

ROOT = Path(__file__).resolve().parent.parent
DOCS = ROOT / "docs"
#: Room -> pages that document its public names.
ROOMS = {
    "assb": ("api/index",),
    "assb.models": ("api/models",),
    "assb.models.closures": ("api/closures",),
    "assb.models.submodels": ("api/submodels",),
    "assb.models.specimens": ("api/specimens",),
    "assb.models.compiled": ("api/compiled",),
    "assb.parameters": ("api/parameters",),
    "assb.fitting": ("api/fitting",),
    "assb.plotting": ("api/plotting",),
    "assb.report": ("api/report",),
    "assb.validation": ("api/validation",),
}
#: Largest figure drawn by docs/figures.py [bytes].
LARGEST = 80_000
#: What betrays the machine of an author.
MACHINE = re.compile(
    r"(?<![\w.])/(?:home|root|tmp|work|Users|mnt|opt|var)/\w|[A-Z]:\\\\Users|localhost|127\.0\.0\.1"
)


@cache
def text(page):
    return (DOCS / f"{page}.md").read_text(encoding="utf-8")


def pages():
    return sorted(
        str(path.relative_to(DOCS).with_suffix(""))
        for path in DOCS.rglob("*.md")
        if "_build" not in path.parts
    )


def everything():
    return "\n".join(text(page) for page in pages())


@pytest.mark.parametrize("name", OPTIONS)
def test_option_and_its_values_are_documented(name):
    table = next((line for line in text("how_to_choose").splitlines() if f'| `"{name}"` |' in line), None)
    assert table is not None, f"option {name!r} is missing from the table in docs/how_to_choose.md"
    listed = table.split("|")[2]
    assert re.findall(r'`"([^"]+)"`', listed) == list(OPTIONS[name].values)
    mechanisms = "\n".join(text(page) for page in pages() if page.startswith("mechanisms/"))
    assert f'"{name}"' in mechanisms
    for value in OPTIONS[name].values:
        assert f'"{value}"' in mechanisms, f"{name!r} = {value!r} is on no page of a mechanism"


@pytest.mark.parametrize("room", ROOMS)
def test_public_names_are_on_an_api_page(room):
    content = "\n".join(text(page) for page in ROOMS[room])
    for name in importlib.import_module(room).__all__:
        assert re.search(rf"\b{re.escape(name)}\b", content), f"{room}.{name} is missing from docs/api"


def test_images_exist_and_are_modest():
    shown = set()
    for page in pages():
        for target in re.findall(r"!\[[^\]]*\]\(([^)\s]+)\)", text(page)):
            path = (DOCS / page).parent / target
            assert path.is_file(), f"{page}.md shows {target}, which does not exist"
            shown.add(path.resolve().name)
    drawn = set(
        re.findall(r'^    "(\w+)": \w+,$', (DOCS / "figures.py").read_text(encoding="utf-8"), re.MULTILINE)
    )
    assert drawn
    for name in drawn:
        assert f"{name}.png" in shown, f"docs/figures.py draws {name}, but no page shows it"
        assert (DOCS / "img" / f"{name}.png").stat().st_size < LARGEST


def test_every_image_has_a_text():
    assert not re.findall(r"!\[\s*\]", everything())


def test_links_between_pages_lead_somewhere():
    for page in pages():
        for target in re.findall(r"(?<!!)\[[^\]]*\]\((?!https?:|#)([^)\s#]+)", text(page)):
            assert ((DOCS / page).parent / target).exists(), f"{page}.md links to {target}"


def test_every_page_is_in_a_table_of_contents():
    listed = set()
    for page in pages():
        for block in re.findall(r"```\{toctree\}\n(.*?)```", text(page), re.DOTALL):
            for line in block.splitlines():
                if line.strip() and not line.startswith(":"):
                    listed.add(str(Path(page).parent / line.strip()))
    assert sorted({*listed, "index"}) == pages()


def test_parameters_named_in_the_tables_exist():
    """Tables of symbols name parameters (or variables) that the models know."""
    from assb import parameters
    from assb.models import SPM

    known = set(SPM().variables)
    for cell in parameters.list():
        known |= set(parameters.get(cell).keys())
    for negative in ("Li", "graphite"):
        known |= set(parameters.build(negative=negative).keys())
    for page in (page for page in pages() if page.startswith("mechanisms/")):
        prefixes = [
            "",
            *(
                f"{p} electrode "
                for p in ("Positive", "Negative")
                if f"begin with `{p} electrode`" in text(page)
            ),
        ]
        section = text(page).split("## Symbols")[1].split("\n## ")[0]
        for row in (line for line in section.splitlines() if line.startswith("| $")):
            for name in re.findall(r"`([^`]+)`", row):
                if name in (
                    "confined modulus [GPa]",
                    "Positive electrode",
                    "Separator",
                    "Negative electrode",
                ):
                    continue
                assert any(prefix + name in known for prefix in prefixes), f"{page}.md: {name!r} is not known"


def test_stated_accuracy_names_tests_that_exist():
    named = re.findall(r"`((?:compiled/)?test_[\w*]+\.py)", text("accuracy"))
    assert named
    for pattern in named:
        assert list((ROOT / "tests" / "models").glob(pattern)), f"accuracy.md names {pattern}"


@pytest.mark.parametrize("folder", ["docs", "examples"])
def test_no_machine_paths(folder):
    for path in sorted((ROOT / folder).rglob("*")):
        if path.suffix in (".md", ".py") and "_build" not in path.parts:
            found = MACHINE.search(path.read_text(encoding="utf-8"))
            assert found is None, f"{path.relative_to(ROOT)} holds {found.group(0)!r}"
