# Everything runs in a virtual environment of the checkout's own, made and brought up to date
# when needed. `make PYTHON=python3.12 VENV=/somewhere/else test` uses another Python and place.
PYTHON ?= python3
VENV ?= .venv
PY := $(VENV)/bin/python
JOBS ?= 2
# several processes share the cores: one BLAS thread for each
test slow oldest newest: export OPENBLAS_NUM_THREADS = 1
test slow oldest newest: export OMP_NUM_THREADS = 1

.PHONY: help demo test slow oldest newest check docs docs-check bench figures picture unchanged equations \
  calibration stubs clean
help:  ## list what can be made
	@sed -n 's/^\([a-z-]*\):.*##/  make \1\t/p' $(MAKEFILE_LIST) | expand -t 18

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

# Fast tests that between them use all that the package takes from its libraries. They are run with
# the oldest versions that pyproject.toml states and with the newest, each in its own environment.
SAMPLE := tests/averages tests/commands tests/fluctuations tests/random_modes tests/spectra \
  tests/storage tests/derivations/gaussian tests/derivations/plasticity tests/derivations/printing \
  tests/house/test_packaging.py tests/house/test_solvable.py tests/house/test_types.py \
  tests/sampled/test_sampled_solve.py tests/lyapunov/test_lyapunov_exponent.py \
  tests/validation/comparison/test_compare_pairs.py tests/validation/couplings \
  tests/validation/figures/test_figures.py tests/validation/runs tests/validation/simulation

oldest: INSTALL = $(PYTHON) tests/house/versions.py floors > $(VENV)-oldest/floors.txt && \
  $(VENV)-oldest/bin/python -m pip install -c $(VENV)-oldest/floors.txt
oldest:  ## a sample of the tests, with the oldest Python and libraries that are supported
newest: INSTALL = $(VENV)-newest/bin/python -m pip install
newest:  ## a sample of the tests, with the newest Python here and the newest libraries
oldest newest:
	python=$$($(PYTHON) tests/house/versions.py $@) && $$python -m venv --clear $(VENV)-$@
	$(INSTALL) --quiet --disable-pip-version-check -e '.[test]'
	$(VENV)-$@/bin/python tests/house/versions.py installed
	$(VENV)-$@/bin/python -m pytest -n $(JOBS) $(SAMPLE)

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

docs-check: docs  ## the site stands alone: read as files, then opened in a headless Chromium
	$(PY) docs/check_site.py docs/_build/html
	$(PY) docs/check_browser.py docs/_build/html

equations: $(VENV)/.has-run  ## derive, and write dmft/equations and docs/equations
	$(PY) -m dmft equations --write

picture: $(VENV)/.has-run  ## the rooms and their imports, in docs/figures/architecture.svg
	$(PY) docs/draw_architecture.py

composition: $(VENV)/.has-run  ## what each verb does with every pair of ensembles, in docs
	$(PY) docs/write_composition.py

unchanged: $(VENV)/.has-run  ## forty seeded calls, here and at REV=..., must give the same numbers
	rm -rf results/unchanged && git worktree add -f results/unchanged/then $(REV)
	PYTHONPATH=results/unchanged/then $(PY) tests/seeded_calls.py results/unchanged/one
	PYTHONPATH=. $(PY) tests/seeded_calls.py results/unchanged/two
	git worktree remove -f results/unchanged/then
	PYTHONPATH=. $(PY) tests/seeded_calls.py results/unchanged/one --compare results/unchanged/two

stubs: $(VENV)/.has-run  ## the public names for type checkers: dmft/ and validation/__init__.pyi
	$(PY) -m tests.house.stubs

figures: $(VENV)/.has-run  ## the figures in docs/figures, at full size
	for theory in iid multiregion plasticity random-modes; do \
	  $(PY) -m dmft figures $$theory --output docs/figures || exit 1; done

bench: $(VENV)/.has-run  ## speed and accuracy, in docs/benchmarks.md
	$(PY) -m dmft bench --output docs/benchmarks.md

calibration: $(VENV)/.has-test  ## standard errors of sampled solves against scatter: hours
	$(PY) -m tests.calibration --output docs/calibration.md

clean:  ## remove what was made, but for the environment
	rm -rf build dist results docs/_build docs/api docs/gallery docs/sg_execution_times.rst \
	  .pytest_cache .ruff_cache .hypothesis *.egg-info
	find dmft derivations validation tests docs -name __pycache__ -prune -exec rm -rf {} +
