# Two commands do all the set-up: `make calibrate` runs the main job, `make test` the tests.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
OUT ?= assb-calibration
JOBS ?= auto
export PYBAMM_DISABLE_TELEMETRY := true
# One thread of linear algebra for each process of the tests: more get into each other's way.
export OMP_NUM_THREADS ?= 1

.PHONY: calibrate test test-all lint bench docs clean

calibrate: $(VENV)/.installed
	$(BIN)/assb calibrate --out $(OUT)

test: $(VENV)/.installed-test
	$(BIN)/python -m pytest -n $(JOBS) --dist loadgroup -m "not slow"

test-all: $(VENV)/.installed-test
	$(BIN)/python -m pytest -n $(JOBS) --dist loadgroup

lint: $(VENV)/.installed-lint
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

bench: $(VENV)/.installed-test .venv-pybop/.installed
	$(BIN)/python benchmarks/run.py
	$(BIN)/python benchmarks/table.py

docs: $(VENV)/.installed-docs
	$(BIN)/python -m sphinx -W --keep-going -b html docs docs/_build/html

$(VENV)/bin/python:
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: $(VENV)/bin/python pyproject.toml
	$(BIN)/python -m pip install -q --disable-pip-version-check -e .
	touch $@

$(VENV)/.installed-%: $(VENV)/bin/python pyproject.toml
	$(BIN)/python -m pip install -q --disable-pip-version-check -e ".[$*]"
	touch $@ $(VENV)/.installed

# PyBOP caps NumPy: an environment of its own.
.venv-pybop/.installed:
	$(PYTHON) -m venv .venv-pybop
	.venv-pybop/bin/python -m pip install -q --disable-pip-version-check "pybop==26.3"
	touch $@

clean:
	rm -rf $(VENV) .venv-pybop build dist *.egg-info docs/_build
