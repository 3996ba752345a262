# The commands that people need; README.md and CONTRIBUTING.md say more.
.PHONY: setup test test-all lint api serve

BIN := .venv/bin
# What people call from Python; the rest is for who changes it, and reads the source.
API := classifier.workbench classifier.estimators classifier.registry.registry classifier.registry.dataframes \
	classifier.batch classifier.reports.plots doublecheck_client

setup:  ## An environment with everything that development takes, in the versions of the lock file
	python3 -m venv .venv && $(BIN)/pip install -q -c requirements.lock -e service/client -e '.[dev]'

test:  ## What the README's second command runs
	$(BIN)/pytest

test-all:  ## What CI runs: everything, with Java and Chromium installed where they are missing
	bash .ci/run

lint:  ## Style, format, types and import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

api:  ## The reference of the Python calls, as pages in build/api
	$(BIN)/pdoc -d numpy --no-show-source -o build/api $(API)

serve:  ## The service, at http://127.0.0.1:8000/
	$(BIN)/doublecheck serve
