# All that is needed is python3 (3.11, 3.12 or 3.13) with venv. The programs live in .venv, which is made once;
# after that it is touched only when the pinned requirements change.

PORT ?= 5000
WORKERS ?= 2
TESTS ?= tests
# Only the whole suite can be held to the number; a part of it (TESTS=tests/accounts) runs without.
COVERAGE = $(if $(filter tests,$(TESTS)),--cov --cov-report=term)
VENV := .venv/bin/python
FLASK := $(VENV) -m flask --app main

.DEFAULT_GOAL := help
.PHONY: help run serve test crash lint format docs screenshot requirements bench clean

help: ## show this list
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1\t\2/p' Makefile | expand -t 22

run: .venv/run.stamp ## start the site on http://127.0.0.1:5000 (PORT=8000 changes that)
	@$(FLASK) db upgrade
	@echo "The site: http://127.0.0.1:$(PORT) (Ctrl-C stops it)"
	@$(FLASK) run --port $(PORT)

serve: .venv/run.stamp ## serve the site with gunicorn, several workers (WORKERS=4 PORT=8000)
	@$(FLASK) db upgrade
	@$(VENV) -m gunicorn --workers $(WORKERS) --bind 127.0.0.1:$(PORT) 'main:create_app()'

test: .venv/dev.stamp ## run the tests on every database that can be had, with coverage
	@$(VENV) -m pytest -n auto $(COVERAGE) $(TESTS)

crash: .venv/dev.stamp ## kill the runner at each of its steps on every database, and compare what comes of it
	@CRASH_POINTS=0 $(VENV) -m pytest -n auto -s tests/schema/runner/test_crash.py

lint: .venv/dev.stamp ## check style and types
	@$(VENV) -m ruff check .
	@$(VENV) -m ruff format --check .
	@$(VENV) -m mypy

format: .venv/dev.stamp ## put imports and layout into the common form
	@$(VENV) -m ruff check --fix --quiet .
	@$(VENV) -m ruff format .

docs: .venv/dev.stamp ## write the generated blocks of README.md anew
	@$(VENV) tools/docs.py

screenshot: .venv/dev.stamp ## take the picture in README.md anew (needs Chromium)
	@$(VENV) tools/screenshot.py

requirements: .venv/dev.stamp ## pin requirements*.txt anew from requirements*.in
	@$(VENV) -m pip install --quiet uv==0.13.9
	@for name in requirements requirements-dev; do \
	  $(VENV) -m uv pip compile --quiet --universal --python-version 3.11 --no-header $$name.in -o $$name.txt; \
	done

bench: .venv/dev.stamp ## measure what the README says about speed
	@status=0; for script in $(sort $(wildcard bench/[a-z]*.py)); do \
	  echo "== $$script"; $(VENV) $$script || status=1; \
	done; exit $$status

clean: ## remove .venv and everything that tools have written; the site's data in instance/ stays
	rm -rf .venv .coverage .coverage.* htmlcov .pytest_cache .mypy_cache .ruff_cache .cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# A .venv whose Python is gone (an update, a moved folder) counts as missing and is made anew.
.venv/bin/python:
	@sh tools/venv.sh

.venv/run.stamp: requirements.txt .venv/bin/python
	@echo "Installing what the site needs (once) ..."
	@$(VENV) -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

.venv/dev.stamp: requirements-dev.txt .venv/bin/python
	@echo "Installing what the tests need (once; a minute or two) ..."
	@$(VENV) -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@
