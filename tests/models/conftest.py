"""Fixtures of the model tests."""

from __future__ import annotations

import pytest

from assb.models import DFN, SPM


@pytest.fixture(params=[SPM, DFN], ids=["SPM", "DFN"])
def model_class(request):
    """Either model."""
    return request.param
