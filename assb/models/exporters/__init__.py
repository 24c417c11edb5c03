"""Compiled models written out for other programs: C99 for embedding.

>>> export(fast, target="c", path="firmware/cell")  # doctest: +SKIP
"""

from .targets import export

__all__ = ["export"]
