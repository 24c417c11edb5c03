import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from synthetic_report import make_report_data


@pytest.fixture(scope="session")
def sampled():
    return make_report_data(chains=8, draws=120)


@pytest.fixture(scope="session")
def bare():
    return make_report_data(sampled=False, correction=False, mechanics=False, identifiability=False)
