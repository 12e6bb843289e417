# One command sets up what it needs: `make run` and `make test` work in an empty clone with Python 3.11 and make.
PYTHON ?= python3
VENV := .venv
PEERS := .venv-peers
IDENTITY_PEERS := .venv-identity-peers
RELEASE_PEERS := .venv-release-peers
CROISSANT := .venv-croissant
BIN := $(VENV)/bin
RECORDS ?= 10000
READY := $(VENV)/.ready

.PHONY: setup run test check lint bench bench-check bench-tables bench-peers bench-identity bench-identity-growth bench-releases check-croissant contract readme lock clean

setup: $(READY)

$(READY): requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "paperlake needs Python 3.11 or later: make PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)
	# The lock constrains, too: of what is asked for with an extra, pip would take the newest and refuse it.
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock -c requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $(READY)

run: setup
	$(BIN)/python -m flows.build_papers
	$(BIN)/paperlake show papers

test: setup
	$(BIN)/python -m pytest -n 2 --dist worksteal

check: lint
	$(BIN)/python -m pytest -q -x -n 2 -m "not slow"

lint: setup
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --verbose | tail -n 20

bench: setup  ## what builds, layouts and processes cost, and how right roles are: RECORDS="10000 100000 1000000" for growth
	$(BIN)/python -m benchmarks.run --records $(RECORDS)
	$(BIN)/python -m benchmarks.start_up
	$(BIN)/python -m benchmarks.page_costs
	$(BIN)/python -m benchmarks.link_roles
	$(BIN)/python -m benchmarks.read_layouts; is_slow=$$?; $(BIN)/python -m benchmarks.tables && exit $$is_slow

bench-check: setup  ## whether a build of 10,000 records costs 1.5 times what it did, as ratios to the floor
	$(BIN)/python -m benchmarks.check

bench-tables: setup  ## write the tables of figures in README.md and benchmarks/README.md again, from benchmarks/results
	$(BIN)/python -m benchmarks.tables

bench-peers: setup $(PEERS)/.ready  ## the link engine beside packages of the index, which live in an environment of their own
	$(BIN)/python -m benchmarks.link_peers

$(PEERS)/.ready: benchmarks/peers/requirements.lock
	$(PYTHON) -m venv $(PEERS)
	$(PEERS)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r benchmarks/peers/requirements.lock
	touch $@

bench-identity: setup $(IDENTITY_PEERS)/.ready  ## paper identity beside record-linkage packages; minutes, and some 950 MB of packages
	$(BIN)/python -m benchmarks.identity

$(IDENTITY_PEERS)/.ready: benchmarks/identity_peers/requirements.lock
	$(PYTHON) -m venv $(IDENTITY_PEERS)
	$(IDENTITY_PEERS)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r benchmarks/identity_peers/requirements.lock
	touch $@

bench-identity-growth: setup  ## what matching costs alone, by stage: RECORDS="1000000 5000000" takes an estimated half hour
	$(BIN)/python -m benchmarks.identity_growth --records $(RECORDS)
	$(BIN)/python -m benchmarks.tables

bench-releases: setup $(RELEASE_PEERS)/.ready  ## what publishing costs beside Delta Lake, and what a store takes that grows; minutes
	$(BIN)/python -m benchmarks.releases

$(RELEASE_PEERS)/.ready: benchmarks/release_peers/requirements.lock
	$(PYTHON) -m venv $(RELEASE_PEERS)
	$(RELEASE_PEERS)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r benchmarks/release_peers/requirements.lock
	touch $@

check-croissant: setup $(CROISSANT)/.ready  ## whether mlcroissant, in an environment of its own, reads releases by croissant.json
	$(BIN)/python -m pytest -q tests/test_cards_croissant.py

$(CROISSANT)/.ready: benchmarks/croissant_check/requirements.lock
	$(PYTHON) -m venv $(CROISSANT)
	$(CROISSANT)/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r benchmarks/croissant_check/requirements.lock
	touch $@

contract: setup  ## write contract.yaml again after a change of schemas.py
	$(BIN)/python -m paperlake.release.contract

readme: setup  ## write the README's tables again, and the results of the queries of docs/reading.md
	$(BIN)/python -m tests.readme_tables
	$(BIN)/python -m tests.worked_queries

lock:  ## resolve anew: needs uv; the lock names packages and hashes, no index
	uv pip compile pyproject.toml --group dev --extra readers --extra s3 --extra dask --universal --python-version 3.11 --generate-hashes \
		--no-header --no-annotate --strip-extras --upgrade -o requirements.lock

clean:
	rm -rf $(VENV) $(PEERS) $(IDENTITY_PEERS) $(RELEASE_PEERS) $(CROISSANT) .mypy_cache .ruff_cache .pytest_cache .hypothesis data/processed/releases \
		data/processed/_log data/processed/latest data/processed/latest.json data/processed/.work data/processed/.lock data/processed/_tags data/processed/_tombstones data/processed/_pruned
