"""Figures as markup inside a page: inline SVG in the page's colours, or PNG when that is smaller."""

from __future__ import annotations

import base64
import io
import re
from typing import TYPE_CHECKING

from markupsafe import Markup, escape

from assb.plotting.style import DPI, GRID, INK, MODEL, MUTED, PAPER, SHADE

if TYPE_CHECKING:
    from matplotlib.figure import Figure

#: An SVG larger than this [bytes] is embedded as PNG instead.
LIMIT = 700_000

_VARIABLES = {
    INK: "--ink",
    MUTED: "--muted",
    GRID: "--grid",
    SHADE: "--shade",
    PAPER: "--paper",
    MODEL: "--model",
}


def embed(fig: Figure, name: str, description: str, *, limit: int = LIMIT) -> Markup:
    """Return a figure as self-contained markup.

    The greys of the house style become CSS variables, so that the figure is legible on a dark page and
    prints on white. Identifiers are prefixed with ``name``: several figures can share a page.

    Parameters
    ----------
    fig : matplotlib.figure.Figure
        What to embed.
    name : str
        Unique name of the figure on the page.
    description : str
        Text for readers who cannot see it.
    limit : int
        Largest SVG [bytes]; above it the figure becomes a PNG.
    """
    markup = _svg(fig, re.sub(r"\W+", "-", name), description)
    if len(markup) <= limit:
        return Markup(markup)
    stream = io.BytesIO()
    fig.savefig(stream, format="png", dpi=DPI)
    data = base64.b64encode(stream.getvalue()).decode("ascii")
    return Markup('<img class="bitmap" alt="{}" src="data:image/png;base64,{}">').format(description, data)


def _svg(fig: Figure, name: str, description: str) -> str:
    import matplotlib

    stream = io.StringIO()
    with matplotlib.rc_context({"svg.fonttype": "path", "svg.hashsalt": name}):
        fig.savefig(stream, format="svg", dpi=DPI, metadata={"Date": None, "Creator": None})
    text = stream.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    text = re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)
    text = re.sub(r'\s+xmlns(:\w+)?="[^"]*"', "", text)
    text = text.replace("xlink:href=", "href=")
    text = re.sub(r'\bid="', f'id="{name}-', text)
    text = re.sub(r'href="#', f'href="#{name}-', text)
    text = text.replace("url(#", f"url(#{name}-")
    for colour, variable in _VARIABLES.items():
        text = text.replace(colour, f"var({variable})")
    text = re.sub(r'(?<= d=")[^"]+', lambda match: _rounded(match[0]), text)
    text = re.sub(r'(?<= [xy]=")-?\d+\.\d+', lambda match: f"{float(match[0]):.2f}", text)
    text = re.sub(r"\n\s*", "\n", text)
    head, _, body = text.partition(">")
    head = re.sub(r'\s(width|height)="[^"]*pt"', "", head)
    width = fig.get_size_inches()[0] * 96
    attributes = f' role="img" aria-label="{escape(description)}" style="max-width: {width:.0f}px"'
    return f"{head}{attributes}>{body}"


def _rounded(path: str) -> str:
    text = re.sub(r"-?\d+\.\d{3,}", lambda match: f"{float(match[0]):.2f}".rstrip("0").rstrip("."), path)
    return re.sub(r"\s+", " ", text)
