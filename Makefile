# Everything starts here: `make demo` and `make test` set up what they need, in .venv, and only when it changed.

SHELL := /bin/bash
VENV := .venv
BIN := $(VENV)/bin

# The newest Python that crosspost runs on and that can make a virtual environment; or name one: make PYTHON=/path/to/python
PYTHON ?= $(shell for python in python3.13 python3.12 python3.11 python3; do \
	$$python -c 'import sys, ensurepip, venv; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null \
	&& { command -v $$python; break; }; done)
PYTEST_ARGS ?= -n auto
KILLS ?= 10000
SEED ?= 1
PIP_INSTALL := $(BIN)/python -m pip install -qq --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: help demo test soak sweep posts torture mutants lint check constraints docker clean

help: ## Show this list
	@echo "crosspost: publishes a site's new articles to X, VKontakte, Facebook and YouTube."
	@echo
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: $(VENV)/.runtime ## Run the whole job on this machine, with no accounts (DEMO_ONCE=1: one pass, then end)
	@$(BIN)/crosspost demo

test: $(VENV)/.dev ## Run the tests (PYTEST_ARGS="tests/feeds -x": some of them)
	@$(BIN)/pytest -q $(PYTEST_ARGS)

START ?= 1
SEEDS ?= 1000

soak: $(VENV)/.dev ## Live through simulated lives (START=4711 SEEDS=1: that one again)
	@$(BIN)/python -m tests.simulation.soak $(START) $(SEEDS)

sweep: $(VENV)/.dev ## Stop a simulated day at every step and drop the connection at every statement
	@SWEEP=1 $(BIN)/pytest -q $(PYTEST_ARGS) --timeout=900 tests/simulation/test_crashes.py

POSTS ?= 100000

posts: $(VENV)/.dev ## Write up 100,000 random articles and look at each post (POSTS=1000: so many)
	@$(BIN)/python -m tests.posts $(POSTS)

mutants: $(VENV)/.dev ## Parse 100,000 damaged feeds (half an hour and more; needs the reference feeds)
	@$(BIN)/python -m tests.feeds.mutants 100000

lint: $(VENV)/.dev ## Check style, types and the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

torture: $(VENV)/.dev ## Kill crosspost 10,000 times and count doubles and losses (KILLS=500 SEED=7)
	@$(BIN)/python -m tests.torture.kills $(KILLS) $(SEED)

check: lint test ## All of what a change must pass

constraints: ## Renew constraints.txt with the newest versions that pyproject.toml allows
	@new=$$(mktemp -d) && trap 'rm -rf "$$new"' EXIT && set -e; \
	"$(PYTHON)" -m venv "$$new"; \
	"$$new/bin/python" -m pip install --quiet --disable-pip-version-check -e ".[dev]"; \
	{ sed -n '/^#/p' constraints.txt; "$$new/bin/python" -m pip freeze --exclude-editable | LC_ALL=C sort -f; } > "$$new/list"; \
	cp "$$new/list" constraints.txt

docker: ## Build the container image, crosspost:latest
	docker build --tag crosspost .

clean: ## Remove .venv, caches and build results; data/ and demo-data/ stay
	rm -rf $(VENV) build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache src/*.egg-info
	find src tests benchmarks -name __pycache__ -prune -exec rm -rf {} +

$(BIN)/pip:
	@if [ -z "$(PYTHON)" ]; then \
		echo "crosspost needs Python 3.11, 3.12 or 3.13 with its venv module, and none was found: install one (on Debian" \
			"and Ubuntu: apt install python3-venv) or name yours with make PYTHON=/path/to/python." >&2; \
		exit 1; \
	fi
	@"$(PYTHON)" -m venv --clear $(VENV)

# The demo needs no test tools, so it is ready sooner without them.
$(VENV)/.runtime: pyproject.toml constraints.txt | $(BIN)/pip
	@echo "Setting up crosspost in $(VENV); this takes a minute or two and happens only once."
	@$(PIP_INSTALL) -c constraints.txt -e .
	@touch $@

$(VENV)/.dev: pyproject.toml constraints.txt | $(BIN)/pip
	@echo "Setting up crosspost and its test tools in $(VENV); this takes a minute or two and happens only once."
	@$(PIP_INSTALL) -c constraints.txt -e ".[dev]"
	@touch $@ $(VENV)/.runtime
