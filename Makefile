# Everything runs in a virtual environment of the checkout's own, made and brought up to date
# when needed. `make PYTHON=python3.12 VENV=/somewhere/else test` uses another Python and place.
PYTHON ?= python3
VENV ?= .venv
PY := $(VENV)/bin/python
JOBS ?= 2
# several processes share the cores: one BLAS thread for each
test slow: export OPENBLAS_NUM_THREADS = 1
test slow: export OMP_NUM_THREADS = 1

.PHONY: help demo test slow check docs bench figures picture unchanged equations calibration clean
help:  ## list what can be made
	@sed -n 's/^\([a-z]*\):.*##/  make \1\t/p' $(MAKEFILE_LIST) | expand -t 18

# One stamp for each extra: installed again only when pyproject.toml has changed.
$(VENV)/.made:
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "dmft needs Python 3.11 or later: make PYTHON=python3.11")'
	$(PYTHON) -m venv $(VENV)
	touch $@
$(VENV)/.has-run: pyproject.toml | $(VENV)/.made
	$(PY) -m pip install --quiet --disable-pip-version-check -e .
	touch $@
$(VENV)/.has-%: pyproject.toml | $(VENV)/.made
	$(PY) -m pip install --quiet --disable-pip-version-check -e '.[$*]'
	touch $@

demo: $(VENV)/.has-run  ## derive, solve, simulate, compare, draw: about two minutes
	$(PY) -m dmft equations --check
	$(PY) -m dmft validate random --g 3 --phi erf --seed 1
	$(PY) -m dmft figures iid --quick --output results/figures

test: $(VENV)/.has-test  ## the fast tests
	$(PY) -m pytest -n $(JOBS)

slow: $(VENV)/.has-test  ## the tests that take minutes
	$(PY) -m pytest -n $(JOBS) -m slow

# mypy finds dmft.derivations and dmft.validation where a user has them: inside dmft/, by links
TREE := build/typed
check: $(VENV)/.has-lint  ## ruff and mypy
	$(VENV)/bin/ruff check .
	rm -rf $(TREE) && mkdir -p $(TREE)/dmft
	ln -s $(CURDIR)/dmft/* $(CURDIR)/derivations $(CURDIR)/validation $(TREE)/dmft
	cd $(TREE) && $(abspath $(VENV))/bin/mypy --config-file $(CURDIR)/pyproject.toml \
	  --cache-dir /dev/null

docs: $(VENV)/.has-docs  ## the documentation, in docs/_build/html
	$(PY) -m sphinx -W --keep-going -q docs docs/_build/html

equations: $(VENV)/.has-run  ## derive, and write dmft/equations and docs/equations
	$(PY) -m dmft equations --write

picture: $(VENV)/.has-run  ## the rooms and their imports, in docs/figures/architecture.svg
	$(PY) docs/draw_architecture.py

unchanged: $(VENV)/.has-run  ## forty seeded calls, here and at REV=..., must give the same numbers
	rm -rf results/unchanged && git worktree add -f results/unchanged/then $(REV)
	PYTHONPATH=results/unchanged/then $(PY) tests/seeded_calls.py results/unchanged/one
	PYTHONPATH=. $(PY) tests/seeded_calls.py results/unchanged/two
	git worktree remove -f results/unchanged/then
	PYTHONPATH=. $(PY) tests/seeded_calls.py results/unchanged/one --compare results/unchanged/two

stubs: $(VENV)/.has-run  ## the public names for type checkers: dmft/ and validation/__init__.pyi
	$(PY) -m tests.house.stubs

figures: $(VENV)/.has-run  ## the figures in docs/figures, at full size
	$(PY) -m dmft figures iid --output docs/figures
	$(PY) -m dmft figures multiregion --output docs/figures

bench: $(VENV)/.has-run  ## speed and accuracy, in docs/benchmarks.md
	$(PY) -m dmft bench --output docs/benchmarks.md

calibration: $(VENV)/.has-test  ## standard errors of sampled solves against scatter: hours
	$(PY) -m tests.calibration --output docs/calibration.md

clean:  ## remove what was made, but for the environment
	rm -rf build dist results docs/_build docs/api docs/gallery docs/sg_execution_times.rst \
	  .pytest_cache .ruff_cache .hypothesis *.egg-info
	find dmft derivations validation tests docs -name __pycache__ -prune -exec rm -rf {} +
