# The five commands that people need; README.md and CONTRIBUTING.md say more.
.PHONY: setup test test-all lint serve

BIN := .venv/bin

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

serve:  ## The service, at http://127.0.0.1:8000/
	$(BIN)/doublecheck serve
