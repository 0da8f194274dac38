# Every target sets up what it needs: a virtual environment in .venv with pinned dependencies.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SOAK ?= 1.0        # scales the counts of `make soak`: 1.0 is the full run
SOAKS ?= 1         # how many files of long tests run side by side

# Fits lower their own priority. Beside tests of a higher one they would hardly get on, so tests run
# at the lowest. One BLAS thread each: the processors are shared by several processes.
LOWEST := OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 nice -n 19

# What runs on PostgreSQL too. The whole bot takes part in those of cogs and in the walks.
ON_POSTGRES := tests/storage tests/bot/services tests/bot/cogs/feedback tests/bot/cli/test_on_postgres.py \
	tests/bot/cli/test_move_database.py tests/bot/test_moved.py tests/bot/test_walks.py

# Python may keep what it compiled: the tests start many processes, and each would compile again.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help run test test-postgres matrix soak soak-together soak-alone again benchmark format \
	lint types messages draw check-migrations check-constraints wheel clean

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-17s %s\n", $$1, $$2}' Makefile

$(VENV)/.run: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[playground]'
	touch $@

$(VENV)/.dev: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $(VENV)/.run $@

run: $(VENV)/.run  ## run the bot: against Discord with DISCORD_TOKEN, else in the playground
	$(BIN)/matinee run --or-play

test: $(VENV)/.dev  ## run the tests
	$(LOWEST) $(BIN)/pytest -q -n 4 --dist loadfile --no-loadscope-reorder

test-postgres: $(VENV)/.dev  ## run the tests of storage and services on a private PostgreSQL server
	MATINEE_TEST_DATABASE=postgresql $(LOWEST) $(BIN)/pytest -q -n 4 --dist loadfile --no-loadscope-reorder \
	    -m "not sqlite and not soak and not benchmark_run and not browser" $(ON_POSTGRES)

matrix:  ## run the fast tests on each Python 3.11 to 3.13, those about time at other dates
	$(PYTHON) tests/matrix.py

soak:  ## run the long tests: kills, load, fuzzing (SOAK=0.1 scales them down)
	$(MAKE) soak-together
	$(MAKE) soak-alone

soak-together: $(VENV)/.dev
	MATINEE_SOAK=$(strip $(SOAK)) $(LOWEST) $(BIN)/pytest -m "soak and not alone" -q \
	    $(if $(filter 1,$(SOAKS)),-s,-rP -n $(SOAKS) --dist loadfile --no-loadscope-reorder)

soak-alone: $(VENV)/.dev
	MATINEE_SOAK=$(strip $(SOAK)) $(BIN)/pytest -m "soak and alone" -q -s

again: $(VENV)/.dev  ## run each test in TESTS three times, alone
	for _ in 1 2 3; do MATINEE_SOAK=$(strip $(SOAK)) $(BIN)/pytest -m "" -q -x $(TESTS) || exit 1; done

benchmark: $(VENV)/.dev  ## measure times and memory; writes docs/performance.md
	$(BIN)/pytest -m benchmark_run -s -q

format: $(VENV)/.dev  ## format the code and sort its imports
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

lint: $(VENV)/.dev  ## check style, formatting and the walls between the rooms
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports --no-cache

types: $(VENV)/.dev  ## check types
	$(BIN)/mypy

messages: $(VENV)/.dev  ## extract, update, compile and check the texts that people read
	$(BIN)/python -m bot.wording.catalogues.command

draw: $(VENV)/.dev  ## print sixty messages, drawn by SEED (the last commit, if you set none)
	$(BIN)/python -m bot.wording.catalogues.draw "$${SEED:-$$(git rev-parse HEAD)}"

check-migrations: $(VENV)/.dev  ## run every migration up, down and up again
	$(BIN)/python -m storage.database.roundtrip

check-constraints:  ## check that the pinned dependencies are wheels for each Python, x86-64 and aarch64
	$(PYTHON) tests/constraints.py

wheel:  ## make the wheel of this version in dist/
	rm -rf build
	$(PYTHON) -m pip wheel --quiet --no-deps --wheel-dir dist .

clean:  ## remove the virtual environments and what was built
	rm -rf $(VENV) .venv-* build
