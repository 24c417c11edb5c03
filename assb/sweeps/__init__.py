"""Parameter sweeps: many runs of one protocol, as one labelled data set.

>>> ds = sweep(model, pv, {"Stack pressure [MPa]": [2, 20, 100]}, protocol)  # doctest: +SKIP
"""

from .run import sweep

__all__ = ["sweep"]
