# `make demo` and `make test` need Python 3.11+ and nothing else: they set everything up.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
export OMP_WAIT_POLICY ?= PASSIVE

.PHONY: setup dev demo test check bench serve clean

setup: $(VENV)/.done
dev: $(VENV)/.dev

# torch first and by this spelling alone: other spellings fetch gigabytes of GPU packages
$(VENV)/.done: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet torch==2.13.0
	$(BIN)/pip install --quiet --constraint constraints.txt --editable .
	touch $@

$(VENV)/.dev: $(VENV)/.done
	$(BIN)/pip install --quiet --constraint constraints.txt --editable ".[dev]"
	touch $@

demo: setup
	$(BIN)/reelcast demo

test: dev
	$(BIN)/python -m pytest --numprocesses auto --maxprocesses 4 --dist loadfile

check: dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m pytest --quiet --doctest-modules reelcast ingest content_tagging measurement features training inference demo api

bench: dev
	$(BIN)/pip install --quiet --constraint constraints.txt --editable ".[dev,challengers]"
	$(BIN)/python -m benchmarks

serve: setup
	$(BIN)/reelcast serve

clean:
	rm -rf $(VENV) var
