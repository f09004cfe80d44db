# `make` or `make help` explains every target.
SHELL := bash
PYTHON ?= python3
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev demo test lint bench test-guards lock messages assets clean

help: ## this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

setup: ## install what Abonent needs to run, into .venv
	@PYTHON=$(PYTHON) tools/setup.sh run

setup-dev: ## install what the tests and the bench need too: tools, and a browser
	@PYTHON=$(PYTHON) tools/setup.sh dev

demo: setup ## start a fictional operator with a year of data (options: ARGS="--reset --full --port 8000 --data DIR")
	@$(BIN)/abonent demo $(ARGS)

test: setup-dev ## everything that must hold: lint, types, tests on SQLite and PostgreSQL, the browser
	@tools/test.sh

lint: setup-dev ## formatting, lint and types alone
	@tools/lint.sh

test-guards: setup-dev ## take each access guard away in turn and see that the tests notice
	@$(BIN)/python tools/guards.py

bench: setup-dev ## measure; B=name for one of them
	@$(BIN)/python -m bench $(B)

lock: setup-dev ## make the hash-locked requirement files anew
	@tools/lock.sh

messages: setup-dev ## collect new texts into the catalogs of translations
	@$(BIN)/python tools/catalogs.py collect

assets: setup-dev ## put the vendored files anew, from the packages in FOLDER (see tools/assets.py), and check their hashes
	@$(BIN)/python tools/assets.py $(FOLDER)

clean: ## remove what setup and the demo made
	rm -rf .venv var
