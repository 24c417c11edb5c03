"""Models compiled once for the tests of this folder."""

import os

import numpy as np
import pybamm
import pytest

from assb.models.compiled import Protocol, compile_model

NEGATIVE_D = "Negative particle diffusivity [m2.s-1]"
POSITIVE_EPS = "Positive electrode active material volume fraction"
INPUTS = [NEGATIVE_D, POSITIVE_EPS]
COARSE = {"x_n": 3, "x_s": 3, "x_p": 3, "r_n": 4, "r_p": 4}


@pytest.fixture(scope="session", autouse=True)
def cache(tmp_path_factory):
    """Keep the libraries made here out of the user's cache."""
    folder = tmp_path_factory.mktemp("libraries", numbered=True)
    folder.chmod(0o700)
    before = os.environ.get("ASSB_CACHE_DIR")
    os.environ["ASSB_CACHE_DIR"] = str(folder)
    yield folder
    if before is None:
        del os.environ["ASSB_CACHE_DIR"]
    else:
        os.environ["ASSB_CACHE_DIR"] = before


@pytest.fixture(scope="session")
def values():
    return pybamm.ParameterValues("Chen2020")


@pytest.fixture(scope="session")
def spm(cache, values):
    return compile_model(
        pybamm.lithium_ion.SPM(), values, INPUTS, ["Voltage [V]", "Discharge capacity [A.h]"]
    )


@pytest.fixture(scope="session")
def dfn(cache, values):
    """Return a DFN on a mesh too coarse for accuracy: the algebraic states are what matters here."""
    return compile_model(pybamm.lithium_ion.DFN(), values, INPUTS, ["Voltage [V]"], var_pts=COARSE)


@pytest.fixture(scope="session")
def cycle():
    """1C discharge, rest, C/2 charge."""
    times = np.concatenate([[1.0, 5.0], np.arange(30.0, 8701.0, 30.0)])
    return Protocol.from_steps([(3300.0, 5.0), (1800.0, 0.0), (3600.0, -2.5)], times)
