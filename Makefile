# On a machine that has only Python 3.11 and make:
#   make run        install, build an invented council, open it on http://127.0.0.1:8000  (PORT=8123 SCALE=region)
#   make test       install what the tests need and run them all
#   make check      the fast loop: lint, types, imports, unit tests
#   make test-long  the nightly tier
#   make bench      measure speed and memory
#   make lock       write the locks again
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= $(shell command -v python3.11 || command -v python3.12 || command -v python3.13 || command -v python3)
VENV ?= .venv
BIN := $(VENV)/bin
PORT ?= 8000
SCALE ?= council
SEED ?= 1
LOCK = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --exclude-newer "7 days" pyproject.toml
export PIP_DISABLE_PIP_VERSION_CHECK = 1
export PIP_NO_INPUT = 1

.PHONY: help setup run check lint unit test test-long bench lock clean
help: ; @sed -n 's/^#   //p' $(firstword $(MAKEFILE_LIST))

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit("Kinfold needs Python 3.11 or later" if sys.version_info < (3, 11) else 0)'
	$(PYTHON) -m venv $(VENV)

# A stamp is made again when its lock changes; --require-hashes refuses anything the lock does not list.
$(VENV)/.run: requirements/run.txt pyproject.toml | $(BIN)/python
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/run.txt
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
	@touch $@
$(VENV)/.dev: requirements/dev.txt $(VENV)/.run
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/dev.txt
	@touch $@
$(VENV)/.spark: requirements/spark.txt $(VENV)/.dev
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/spark.txt
	@touch $@
$(VENV)/.bench: requirements/bench.txt $(VENV)/.dev
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements/bench.txt
	@touch $@
$(VENV)/.front-end: package-lock.json $(wildcard src/kinfold/service/web/front_end/*) tools/build_frontend.py $(VENV)/.run
	$(BIN)/python tools/build_frontend.py
	@touch $@

setup: $(VENV)/.run $(VENV)/.front-end

run: setup
	$(BIN)/kinfold demo --scale $(SCALE) --seed $(SEED) --port $(PORT)

lint: $(VENV)/.dev
	$(BIN)/ruff check . && $(BIN)/ruff format --check . && $(BIN)/lint-imports && $(BIN)/mypy src
unit: $(VENV)/.dev
	$(BIN)/python -m pytest tests/unit tests/spec -q
check: lint unit

test: setup $(VENV)/.dev
	tools/test.sh
test-long: setup $(VENV)/.spark
	tools/test.sh --long
bench: setup $(VENV)/.bench
	$(BIN)/python -m tests.bench $(BENCH)

# uv writes neither index addresses nor this machine's settings; the last line holds it to that.
lock: $(VENV)/.dev
	$(LOCK) --extra pdf --group build -o requirements/run.txt
	$(LOCK) --extra pdf --group build --group test --group lint --group lock -c requirements/run.txt -o requirements/dev.txt
	$(LOCK) --extra spark -c requirements/dev.txt -o requirements/spark.txt
	$(LOCK) --group bench -c requirements/dev.txt -o requirements/bench.txt
	@! grep -nE '(https?|file)://|--(extra-)?index-url|--find-links' requirements/*.txt
clean: ; rm -rf $(VENV) node_modules src/kinfold/service/web/static/built
