"""Single-particle model of an all-solid-state cell."""

from __future__ import annotations

from typing import ClassVar

import pybamm

from assb.models.base import BaseModel
from assb.models.thiele import warn_of_thiele


class SPM(BaseModel):
    """Single-particle model: a uniform reaction plus the linearised porous electrode.

    Fast, and within a few mV of the :class:`DFN` while the Thiele number of the electrode
    ("Positive electrode Thiele number") stays below about 2.5 and the drop i L (1/kappa + 1/sigma)/3 below
    0.05 V; option "reaction distribution": "nonlinear modes" goes further. In impedance the two networks count as a
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

    def check_thiele(
        self, solution: pybamm.Solution, limit: float | None = None, drop_limit: float | None = None
    ) -> dict[str, float]:
        """Largest Thiele number and ohmic drop of a run by electrode; warns above limits and names the DFN.

        :func:`assb.simulate` calls it. Both move with the state and the current, so that they belong to a
        run, not to a parameter set.

        Parameters
        ----------
        solution : pybamm.Solution
            A run of this model.
        limit : float, optional
            Thiele number above which to warn: 2.5, or 5 with nonlinear modes.
        drop_limit : float, optional
            Ohmic drop i L (1/kappa + 1/sigma)/3 [V] above which to warn: 0.05 V, or 0.2 V with nonlinear modes.

        Returns
        -------
        dict
            Thiele number of "positive" and, of a composite negative electrode, "negative"; "positive ohmic
            drop [V]" and its counterpart.

        Warns
        -----
        ThieleWarning
        """
        return warn_of_thiele(solution, limit, drop_limit)
