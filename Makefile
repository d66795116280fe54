# Cheqi: `make help` lists what there is. Python 3.11 and make are all that a machine needs.
PYTHON ?= python3.11
VENV   ?= .venv
BIN    := $(VENV)/bin
export PATH := $(abspath $(BIN)):$(PATH)
export PYTHONPATH := src
export CHEQI_HOME ?= $(abspath var)
# without it every process compiles the product and its libraries anew, and the tests start hundreds
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run demo test fast check bench figures messages clean

help:  ## list the targets
	@awk -F':.*## ' '/^[a-z-]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(VENV)/.base: requirements/base.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@echo "Installing the pinned packages (once)…"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/base.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.base
	@echo "Installing what the tests need (once)…"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/dev.txt
	@touch $@

FRONT := src/cheqi/ui/static/ui/build/.done

node_modules/.done: package-lock.json $(VENV)/.base
	@echo "Installing the front-end packages (once)…"
	@# Node knows only its own authorities; behind an inspecting proxy the machine's are needed too.
	@NODE_OPTIONS="$${NODE_OPTIONS:---use-system-ca}" npm ci --loglevel=error --no-fund --no-audit
	@touch $@

$(FRONT): node_modules/.done $(shell find src/cheqi/ui/assets scripts -type f 2>/dev/null) package.json
	@npm run --loglevel=error build
	@touch $@

run: $(VENV)/.base $(FRONT)  ## set everything up and serve desk and portal with the demo lender
	@$(BIN)/cheqi run --demo

test: $(VENV)/.dev $(FRONT)  ## every test: SQLite, PostgreSQL when there is one, and the browser
	@$(BIN)/python scripts/lanes.py

fast: $(VENV)/.dev $(FRONT)  ## the fast lane alone: no whole journeys, no browser, no recognition models
	@$(BIN)/python scripts/lanes.py fast

check: $(VENV)/.dev  ## lint, types, layers, templates, dependencies
	@ruff check .
	@ruff format --check .
	@lint-imports
	@git ls-files '*.html' | xargs -r djade --check --target-version 5.2
	@deptry src
	@mypy

bench: $(VENV)/.dev $(FRONT)  ## measure what docs/figures.md states (takes a while; never part of the tests)
	@$(BIN)/python scripts/bench.py $(BENCH)

figures: $(VENV)/.dev  ## print the house's budgets: file and function lengths, types, docstrings
	@$(BIN)/python scripts/figures.py

messages: $(VENV)/.dev  ## collect the strings to translate into the English catalogue
	@$(BIN)/python scripts/messages.py

clean:  ## remove what was built (not your data in var/)
	rm -rf node_modules $(VENV) src/cheqi/ui/static/ui/build .mypy_cache .ruff_cache .pytest_cache
