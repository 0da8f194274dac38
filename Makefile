# Every target sets up what it needs: a virtual environment in .venv with pinned dependencies.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SOAK ?= 1.0        # scales the counts of `make soak`: 1.0 is the full run

.PHONY: run test matrix soak benchmark lint types check-migrations clean

$(VENV)/.run: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[playground]'
	touch $@

$(VENV)/.dev: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $(VENV)/.run $@

run: $(VENV)/.run  ## the bot: against Discord with DISCORD_TOKEN, else in the playground
	$(BIN)/matinee run --or-play

test: $(VENV)/.dev
	OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(BIN)/pytest -q -n 4 --dist loadfile --no-loadscope-reorder

matrix:  ## the fast tests on each Python 3.11 to 3.13 there is; those of time at other dates and zones
	$(PYTHON) tests/matrix.py

soak: $(VENV)/.dev
	MATINEE_SOAK=$(strip $(SOAK)) $(BIN)/pytest -m soak -s -q

benchmark: $(VENV)/.dev
	$(BIN)/pytest -m benchmark_run -s -q

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev
	$(BIN)/mypy

check-migrations: $(VENV)/.dev
	$(BIN)/python -m storage.roundtrip

clean:
	rm -rf $(VENV) build
