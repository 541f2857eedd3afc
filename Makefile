# Every target does the set-up that is missing; steps that are done are not done again.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.ONESHELL:

PYTHON ?= python3
SERVICES := $(PYTHON) -m config.services
BIN := .venv/bin
NPM := PATH="$(CURDIR)/$(BIN):$$PATH" npm --prefix web
# Static checks need neither an installation nor a database: the history of migrations is not asked for.
CHECK_ENV := DJANGO_SETTINGS_MODULE=config.settings.test SIGHTLINE_STATE=/nonexistent DB_ROLE=owner SIGHTLINE_DB_PORT=1
PORT ?= 8000
ARGS ?=
WHO ?= herts/supervisor
WHOLE_SYSTEMS := tests/flows tests/faults
# 5: ARGS chose none of them.
NONE_CHOSEN = { [ $$? -eq 5 ] && $(if $(ARGS),true,false); }
export PORT

.PHONY: help setup demo up stop code test check format doors screenshots bench soak

help:  ## Show this list
	@awk -F ':.*## ' '/^[a-z%-]+:.*## /{printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup:  ## Install all that demo and test need
	@$(SERVICES) setup

demo:  ## Start everything with demonstration data and stay until Ctrl-C (PORT=8000)
	@exec $(SERVICES) demo

up:  ## The same in the background; returns when everything is ready
	@$(SERVICES) up

stop:  ## End what demo or up started
	@$(SERVICES) stop

code:  ## Print the one-time code of a demonstration user (WHO=herts/supervisor)
	@$(SERVICES) code $(WHO)

test:  ## Run every test (ARGS="-k watch" narrows Python's)
	@$(SERVICES) setup test
	$(NPM) test
	# What runs whole systems has the machine for itself; of the rest each process takes a file at a time.
	$(BIN)/pytest -n 2 --dist loadfile $(WHOLE_SYSTEMS:%=--ignore %) $(ARGS) || $(NONE_CHOSEN)
	$(BIN)/pytest $(WHOLE_SYSTEMS) $(ARGS) || $(NONE_CHOSEN)

check:  ## Format, lint, types, layers, migrations
	@$(SERVICES) setup check
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy .
	$(BIN)/lint-imports
	$(CHECK_ENV) $(BIN)/python -W ignore::RuntimeWarning manage.py makemigrations --check --dry-run
	$(NPM) run lint
	$(NPM) run typecheck

format:  ## Put Python code into shape
	@$(SERVICES) setup check
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

doors:  ## Write docs/doors.md, every door and who passes it
	@$(SERVICES) setup check
	$(CHECK_ENV) $(BIN)/python -W ignore::RuntimeWarning -m tests.isolation

screenshots:  ## Take pictures of every page into docs/screenshots (SIZES=all OUT=DIR: at every size, elsewhere; ONLY=wall)
	@$(SERVICES) setup test
	$(BIN)/python -m tests.screenshots

bench:  ## Run every benchmark
	@$(SERVICES) setup test
	status=0
	for file in tests/bench/bench_*.py; do
		$(BIN)/python -m "tests.bench.$$(basename "$$file" .py)" || status=1
	done
	exit $$status

bench-%:  ## Run one benchmark (make bench-tenancy runs tests/bench/bench_tenancy.py)
	@$(SERVICES) setup test
	$(BIN)/python -m "tests.bench.bench_$(subst -,_,$*)"

soak:  ## Run a whole system for half an hour under sessions at random (SOAK_MINUTES=30 SOAK_SESSIONS=20 SOAK_SEED)
	@$(SERVICES) setup test
	$(BIN)/python -m tests.soak
