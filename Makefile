.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin

# What is installed is compiled as it is first imported: to compile all of it takes a minute.
export PYTHONDONTWRITEBYTECODE :=
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check
# uv takes a tenth of the time of pip, which is for where uv cannot be had, or reads no registry.
.venv/.ready: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Jalon needs Python 3.11 or newer")'
	$(PYTHON) -m venv .venv
	{ $(PIP) install 'uv>=0.9,<1' && $(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock; } \
		|| $(PIP) install --require-hashes -r requirements.lock
	$(PIP) install --no-deps --no-build-isolation --editable .
	touch $@

run: .venv/.ready ## make a release from the embedded data, if anything has changed
	$(BIN)/jalon run

check: .venv/.ready ## everything that needs no data (seconds)
	$(BIN)/ruff format --check . && $(BIN)/ruff check . && $(BIN)/mypy && $(BIN)/lint-imports
	$(BIN)/sqlfluff lint --processes 2 catalog flows/sql && $(BIN)/yamllint catalog flows prefect.yaml .yamllint
	$(BIN)/jalon check

test: .venv/.ready ## all tests, offline, on two cores
	$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder

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
	$(BIN)/python benchmarks/site.py
	$(BIN)/python benchmarks/views.py
	$(BIN)/python benchmarks/push.py

site: .venv/.ready ## show the latest release at http://127.0.0.1:8000
	$(BIN)/jalon serve

# The last one that reads Parquet without an extension fetched from elsewhere; its hash is pinned.
ENGINE := data/duckdb-wasm
console: ## fetch DuckDB for browsers: the next release then has an SQL console
	rm -rf $(ENGINE).part && mkdir -p $(ENGINE).part
	cd $(ENGINE).part && npm pack --silent @duckdb/duckdb-wasm@1.28.0 apache-arrow@13.0.0 > names
	cd $(ENGINE).part && printf '%s\n' \
		'9c3fbcc88b09ffbf31ac80820403e696cf85930b7b03eb42a53dd8a8775a1496  duckdb-duckdb-wasm-1.28.0.tgz' \
		'0fc8b25fe5e7eda4079ab58d94464aee29697a023fe399da5ad50c75499a15d8  apache-arrow-13.0.0.tgz' \
		| sha256sum --check --quiet
	cd $(ENGINE).part && tar xzf duckdb-duckdb-wasm-1.28.0.tgz && gzip -9 -n -c package/dist/duckdb-eh.wasm > duckdb-eh.wasm.bin
	cd $(ENGINE).part && cp package/dist/duckdb-browser-eh.worker.js worker.js
	cd $(ENGINE).part && sed 's/import\*as \([a-z]*\) from"apache-arrow"/const \1=globalThis.Arrow/g; /sourceMappingURL/d' \
		package/dist/duckdb-browser.mjs > duckdb.mjs
	cd $(ENGINE).part && tar xzf apache-arrow-13.0.0.tgz && cp package/Arrow.es2015.min.js arrow.js
	cd $(ENGINE).part && sed -i '/sourceMappingURL/d; s/\[[a-z0-9.]*@[a-z.]*\]//' worker.js arrow.js && rm -rf package *.tgz names
	rm -rf $(ENGINE) && mv $(ENGINE).part $(ENGINE)

fix: .venv/.ready ## format code and SQL
	$(BIN)/ruff format . && $(BIN)/ruff check --fix . && $(BIN)/sqlfluff fix catalog flows/sql

lock: .venv/.ready ## compute requirements.lock again from pyproject.toml
	uv pip compile --quiet --generate-hashes --universal --python-version 3.11 --group dev \
		--no-annotate --no-header --output-file requirements.lock pyproject.toml

help: ## this list
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-10s %s\n", $$1, $$2}'

.PHONY: run check test ci soak benchmark site console fix lock help
