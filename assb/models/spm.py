"""Single-particle model of an all-solid-state cell."""

from __future__ import annotations

from typing import ClassVar

import pybamm

from assb.models.base import BaseModel
from assb.models.thiele import THIELE_LIMIT, warn_of_thiele


class SPM(BaseModel):
    """Single-particle model: a uniform reaction plus the linearised porous electrode.

    Fast, and within a few mV of the :class:`DFN` while the Thiele number of the electrode
    ("Positive electrode Thiele number") stays below about 2.5 and the drop i L/(3 kappa) below 0.05 V; option
    "reaction distribution": "nonlinear modes" goes further. In impedance the two networks count as a
    series resistance: above the frequency of the cathode arc, where the double layer bridges the
    interface and the networks look like a transmission line, use the :class:`DFN`.

    Parameters
    ----------
    options, name, build
        See :class:`assb.models.BaseModel`.

    Examples
    --------
    >>> import pybamm, assb
    >>> model = assb.models.SPM({"contact": "pressure"})
    >>> sim = pybamm.Simulation(model, parameter_values=assb.parameters.get("NCM811_LPSCl_InLi"))

    Notes
    -----
    Porous-electrode resistance: J. Newman, C. W. Tobias, J. Electrochem. Soc. 1962, 109, 1183,
    doi 10.1149/1.2425269.
    """

    resolved: ClassVar[bool] = False

    def check_thiele(self, solution: pybamm.Solution, limit: float = THIELE_LIMIT) -> dict[str, float]:
        """Largest Thiele number of a run by electrode; warns above `limit` and names the DFN.

        :func:`assb.simulate` calls it. The Thiele number moves with the state and the current, so that
        it belongs to a run, not to a parameter set.

        Parameters
        ----------
        solution : pybamm.Solution
            A run of this model.
        limit : float
            Thiele number above which to warn.

        Returns
        -------
        dict
            "positive" and, of a composite negative electrode, "negative".

        Warns
        -----
        ThieleWarning
        """
        return warn_of_thiele(solution, limit)
