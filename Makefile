# `make run` and `make test` set up what they need by themselves.
SHELL := /bin/sh
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export DO_NOT_TRACK := 1
export PREFECT_SERVER_ANALYTICS_ENABLED := false
export UV_PYTHON_DOWNLOADS := never

.PHONY: help setup setup-dev run test lint slow mutants bench bench-full bench-guard model model-check docs site lock clean

help:           ## this list
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 16

setup: $(VENV)/.runtime  ## .venv with byline and what it runs on

setup-dev: $(VENV)/.dev  ## .venv with what the tests need on top

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "byline needs Python 3.11 or newer; '$(PYTHON)' is older or missing. Try: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements.lock pyproject.toml | $(VENV)/bin/python
	@echo "setting up $(VENV) (a minute, once)"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -c requirements.lock -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	$(BIN)/python -m compileall -q src flows schemas  # where PYTHONDONTWRITEBYTECODE is set every process would compile
	@touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.runtime
	@echo "adding what the tests need (a minute, once)"
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -c requirements-dev.lock -r requirements-dev.lock
	@touch $@

run: setup      ## publish data/processed/current from data/raw with the Prefect flow
	@$(BIN)/python flows/build_dataset.py

# The fast tests put thousands of small files safely on the disk: one in memory, where there is one with 2 GB to spare.
# Nothing is left there but what tests that fail have made.
MEMORY := $(shell test -w /dev/shm && df -Pk /dev/shm | awk 'NR == 2 && $$4 > 2000000 {print "/dev/shm"}')

test: setup-dev ## the fast tests
	$(if $(MEMORY),TMPDIR=$(MEMORY)) $(BIN)/python -m pytest -n 2 --dist worksteal -o tmp_path_retention_policy=failed -o tmp_path_retention_count=1 \
	  -m "not slow and not prefect"

lint: setup-dev ## ruff and mypy
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/mypy

slow: setup-dev ## the slow tests: a real Prefect server, fault injection, fuzzing
	$(BIN)/python -m pytest -m "slow or prefect"

mutants: setup-dev ## plant a sample of faults in what decides what is published; half an hour, SHARE=1 all (docs/testing.md)
	$(BIN)/python -m benchmarks.mutants --share $(or $(SHARE),0.08)

bench: setup-dev ## the essential benchmarks, under 10 minutes; tables in benchmarks/out/
	$(BIN)/python -m benchmarks.boundary
	$(BIN)/python -m benchmarks.identity
	$(BIN)/python -m benchmarks.organisations
	$(BIN)/python -m benchmarks.latex
	$(BIN)/python -m benchmarks.floor --records 120000 --rounds 3
	$(BIN)/python -m benchmarks.stages

bench-full: bench ## all benchmarks: a million records, 10 GB, peers; two hours and 70 GB of disk
	$(BIN)/python -m benchmarks.floor --records 120000 1000000
	$(BIN)/python -m benchmarks.scale --records 100000 300000 1000000 3000000 5000000 --plot docs/images
	$(BIN)/python -m benchmarks.scale --bytes 10G --files 1 10000 --name scale-10G
	$(BIN)/python -m benchmarks.peers

bench-guard: setup-dev ## a small benchmark that fails on a ratio that has doubled
	$(BIN)/python -m benchmarks.guard

model: setup-dev ## rebuild the models from CC0 arXiv metadata and labelled mentions (see benchmarks/README.md)
	$(BIN)/python -m benchmarks.boundary_model
	$(BIN)/python -m benchmarks.identity_model

model-check: setup-dev ## rebuild the identity model and fail where it differs from what ships; needs the gold
	$(BIN)/python -m benchmarks.identity_model --check

docs: setup     ## write the reference pages anew from the code
	$(BIN)/python -m docs.tools.reference

site: setup-dev docs ## the documentation as a site in site/
	$(BIN)/python -m docs.tools.site site

lock:           ## write both locks anew: hashes, no host; needs uv
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate \
	  --no-header pyproject.toml --extra all --group build -o requirements.lock
	uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate \
	  --no-header pyproject.toml --extra all --group dev -o requirements-dev.lock

clean:          ## remove what was set up
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .pytest_cache
