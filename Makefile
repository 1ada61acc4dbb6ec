# Everything needs Python 3.11 or newer, and nothing else. `make help` lists the targets.

PYTHON ?= python3
PORT ?= 8000
BIN := .venv/bin
.DEFAULT_GOAL := help
.PHONY: help run test check audit bench drill hostile lock

help:  ## this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 10

.venv/made:
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Python 3.11 or newer is needed; this is " + sys.version.split()[0] + ". Try: make PYTHON=python3.12 run")'
	$(PYTHON) -m venv .venv
	@touch $@

.venv/runtime: requirements.txt .venv/made
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

.venv/tools: requirements.txt requirements-dev.txt .venv/runtime
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

run: .venv/runtime  ## set everything up, keep what is there, and serve on 127.0.0.1 (PORT=8000)
	@PORT=$(PORT) $(BIN)/python manage.py quickstart
	@PORT=$(PORT) exec $(BIN)/granian --interface wsgi --host 127.0.0.1 --port $(PORT) --workers 2 --blocking-threads 32 --workers-kill-timeout 3 sarcoma_site.wsgi:application

test: .venv/tools  ## run the tests on SQLite, then on PostgreSQL where it is installed
	$(BIN)/python -m pytest -n 2 -m "not browser"
	$(BIN)/python -m pytest -n 2 -m browser
	$(BIN)/python -m tests.postgres $(BIN)/python -m pytest -n 2 -m "not browser"

check: .venv/tools  ## format, lint, types, templates, migrations, settings of production, secrets, known holes
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	SECRET_KEY=$(CHECK_KEY) $(BIN)/mypy
	$(BIN)/djlint templates --lint --quiet
	SECRET_KEY=$(CHECK_KEY) $(BIN)/python manage.py makemigrations --check --dry-run
	SECRET_KEY=$(CHECK_KEY) SITE_URL=https://example.org EMAIL_URL=smtp://localhost $(BIN)/python manage.py check --deploy --fail-level WARNING
	$(BIN)/python -m pytest tests/test_layers.py
	$(BIN)/python -m audit.secrets
	$(BIN)/python -m audit.dependencies

CHECK_KEY := 0123456789-only-for-checks-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLM

.venv/audit: audit/package.json .venv/runtime
	@mkdir -p $@ && cp audit/package.json $@/
	cd $@ && npm install --no-audit --no-fund --no-package-lock --silent
	@touch $@

audit: .venv/audit  ## every kind of page: markup, style sheets, Lighthouse; needs Java, Node.js and Chromium
	$(BIN)/python -m audit

bench: .venv/tools  ## measure, side by side in one run
	$(BIN)/python -m bench

drill: .venv/tools  ## kill, starve and hurry real processes; exit status 1 if anything was lost (docs/drills.md)
	$(BIN)/python -m drills

hostile: .venv/tools  ## try every hostile word at every place, and count: an hour (tests/hostile/README.md)
	HOSTILE=all $(BIN)/python -m pytest -n 2 tests/hostile --show-capture=no --tb=short

lock: .venv/tools  ## compile the requirements files anew
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url requirements.in -o requirements.txt
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url requirements-dev.in -o requirements-dev.txt
