.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin

.venv/.ready: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Jalon needs Python 3.11 or newer")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

run: .venv/.ready ## make a release from the embedded data, if anything has changed
	$(BIN)/jalon run

check: .venv/.ready ## everything that needs no data (seconds)
	$(BIN)/ruff format --check . && $(BIN)/ruff check . && $(BIN)/mypy && $(BIN)/lint-imports
	$(BIN)/sqlfluff lint --processes 2 catalog flows/sql && $(BIN)/yamllint catalog flows prefect.yaml .yamllint
	$(BIN)/jalon check

test: .venv/.ready ## all tests, offline, on two cores
	$(BIN)/pytest -n 2 --dist loadgroup

ci: check test ## what CI runs

soak: .venv/.ready ## long tests: hundreds of kills
	$(BIN)/pytest -m soak

benchmark: .venv/.ready ## time each step, the validation of files and their conversion
	$(BIN)/python benchmarks/line.py
	$(BIN)/python benchmarks/validate.py
	$(BIN)/python benchmarks/geography.py
	$(BIN)/python benchmarks/fetch.py
	$(BIN)/python benchmarks/build.py
	$(BIN)/python benchmarks/secrecy.py
	$(BIN)/python benchmarks/publish.py
	$(BIN)/python benchmarks/barometer.py
	$(BIN)/python benchmarks/serve.py
	$(BIN)/python benchmarks/push.py

site: .venv/.ready ## show the latest release at http://127.0.0.1:8000
	$(BIN)/jalon serve

fix: .venv/.ready ## format code and SQL
	$(BIN)/ruff format . && $(BIN)/ruff check --fix . && $(BIN)/sqlfluff fix catalog flows/sql

lock: .venv/.ready ## compute requirements.lock again from pyproject.toml
	uv pip compile --quiet --generate-hashes --universal --python-version 3.11 --group dev \
		--no-annotate --no-header --output-file requirements.lock pyproject.toml

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

.PHONY: run check test ci soak benchmark site fix lock help
