"""What the model is allowed to be wrong about, so that precise instruments do not fake certainty."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from assb.fitting.layout import Pooled, Rule
from assb.fitting.priors import LogNormal, Normal
from assb.parameters.materials.layered_oxides import CORRECTION_TERMS

__all__ = ["Discrepancy"]

#: The first cosine that a shift and a stretch of the stoichiometry window cannot mimic: 0 is an offset, 1 a tilt.
FIRST_TERM = 2


@dataclass(frozen=True)
class Discrepancy:
    """Model discrepancy: a correction of the open-circuit potential, and how it differs between cells.

    An instrument resolves 0.1 % of a voltage; the open-circuit curve of a model is known to some ten millivolts.
    Without unknowns for it, a fit to precise data puts the error into other parameters and reports them far too
    certain. The correction depends on stoichiometry only: it cannot imitate a resistance.

    Parameters
    ----------
    open_circuit_terms : int
        Number of terms ``a_k cos(k pi s)``, k = 2, 3, ..., of the position s in the stoichiometry window. An offset
        and a tilt (k = 0, 1) are left out: the stoichiometry window mimics them. 0 for no correction.
    sd : float
        Standard deviation of each amplitude [V].
    cell_spread : bool
        Let every cell have amplitudes of its own about a population mean (:class:`Pooled`).
    spread_median, spread_factor : float
        Log-normal prior of the spread between cells, as a share of `sd`.

    Raises
    ------
    ValueError
        For a number of terms that the cells do not have, or sizes that are not positive.

    Notes
    -----
    M. C. Kennedy, A. O'Hagan, J. R. Stat. Soc. B 2001, 63, 425, doi 10.1111/1467-9868.00294: a discrepancy needs a
    prior that keeps it from explaining everything.
    """

    open_circuit_terms: int = 1
    sd: float = 0.04
    cell_spread: bool = False
    spread_median: float = 0.2
    spread_factor: float = 2.5

    def __post_init__(self):
        most = CORRECTION_TERMS - FIRST_TERM
        if not (isinstance(self.open_circuit_terms, int) and 0 <= self.open_circuit_terms <= most):
            raise ValueError(
                f"open_circuit_terms = {self.open_circuit_terms!r}: use a whole number from 0 to {most}"
            )
        if not self.sd > 0:
            raise ValueError(f"sd = {self.sd!r}: it must be positive, for example 0.04 V")

    @property
    def names(self) -> list[str]:
        """Parameters of the correction."""
        last = FIRST_TERM + self.open_circuit_terms
        return [f"Positive electrode OCP correction {k} [V]" for k in range(FIRST_TERM, last)]

    def rules(self, priors: Mapping[str, Rule], known: Collection[str]) -> dict[str, Rule]:
        """Rules of the correction, beside those of the problem.

        Parameters
        ----------
        priors : mapping
            Of the problem; they may not name the same parameters.
        known : collection of str
            Parameters of the cell.

        Raises
        ------
        ValueError
            For a term that has a prior already, or a cell without a correction.
        """
        for name in self.names:
            if name in priors:
                raise ValueError(
                    f"{name!r} is a parameter and a term of the discrepancy: drop it there, or set"
                    " open_circuit_terms = 0"
                )
            if name not in known:
                raise ValueError(
                    f"open_circuit_terms = {self.open_circuit_terms}: this cell has no {name!r}; set it to 0, or use"
                    " a positive electrode with a correction (see 'assb list parameters')"
                )
        amplitude = Normal(
            mean=0.0, sd=self.sd, source="discrepancy: open-circuit curves are known to some ten mV"
        )
        if not self.cell_spread:
            return dict.fromkeys(self.names, amplitude)
        spread = LogNormal(
            median=self.spread_median,
            factor=self.spread_factor,
            source="discrepancy: cells of one kind differ less than the curve is uncertain",
        )
        return {name: Pooled(amplitude, spread) for name in self.names}
