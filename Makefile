# foedus: everything a clone needs. `make` alone lists the targets.
#
# Set-up happens once and again only when a lock file or pyproject.toml changes: the stamps in .venv remember it.
# Paths are relative, so the clone may live in a folder whose name has spaces.

# Another Python: make brief PYTHON=python3.13. Without it, the first of these that is 3.11 or newer.
PYTHON ?=
PYTHONS := python3 python python3.11 python3.12 python3.13 python3.14
PYTEST_ARGS ?=
BENCH_ARGS ?=
UV ?= uv

ROOMS := $(wildcard src tools tests benchmarks)
PIP := .venv/bin/python -m pip -qq --disable-pip-version-check
COMPILE := $(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-emit-index-url --no-emit-find-links $(LOCK_ARGS)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.PHONY: help brief test check format golden bench docs-check lock clean

help: ## list the targets
	@echo "foedus: make TARGET"
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  \1	\2/p' Makefile | expand -t 14

brief: .venv/.run ## set up on first use, then write nato.html
	@.venv/bin/foedus brief nato -o nato.html

test: .venv/.test ## run the tests (more options: PYTEST_ARGS="-k casus")
	@.venv/bin/python -m pytest -n 2 --dist worksteal $(PYTEST_ARGS)

check: .venv/.test ## formatting, lint, types, floors, the record
	@.venv/bin/ruff format --check $(ROOMS) || { echo "Formatting differs; run: make format" >&2; exit 1; }
	@.venv/bin/ruff check $(ROOMS)
	@.venv/bin/mypy $(ROOMS)
	@.venv/bin/lint-imports --no-cache > .venv/floors.txt 2>&1 || { cat .venv/floors.txt >&2; exit 1; }
	@echo "The floors hold."
	@.venv/bin/foedus record check

format: .venv/.test ## rewrite the formatting and what lint can mend
	@.venv/bin/ruff check --quiet --fix-only $(ROOMS)
	@.venv/bin/ruff format --quiet $(ROOMS)

golden: .venv/.test ## rewrite tests/golden/; the commit says why the numbers moved
	@.venv/bin/python -m pytest --write-golden $(PYTEST_ARGS)

bench: .venv/.run ## measure start-up and the brief (BENCH_ARGS="--runs 3")
	@.venv/bin/python benchmarks/startup.py $(BENCH_ARGS)

docs-check: .venv/.test ## run the examples in README.md and docs/
	@.venv/bin/python -m pytest tests/docs $(PYTEST_ARGS)

lock: ## renew lock/ with uv (newest versions: LOCK_ARGS=--upgrade)
	@command -v "$(UV)" > /dev/null || { echo "make lock needs uv; install it, or name it: make lock UV=/path/to/uv" >&2; exit 1; }
	@$(COMPILE) pyproject.toml -o lock/run.txt
	@$(COMPILE) pyproject.toml --extra test -c lock/run.txt -o lock/test.txt
	@$(COMPILE) lock/build.in -c lock/test.txt -o lock/build.txt

clean: ## remove .venv, caches, built files and nato.html
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage htmlcov build dist nato.html
	@find $(ROOMS) -name __pycache__ -type d -prune -exec rm -rf {} +

# A .venv that somebody made before is kept when it will do.
.venv/.python:
	@python="$(PYTHON)"; fits='import sys; sys.exit(sys.version_info < (3, 11))'; \
	if [ -z "$$python" ]; then \
	    if .venv/bin/python -c "$$fits" 2> /dev/null && .venv/bin/python -m pip --version > /dev/null 2>&1; then \
	        touch $@; exit 0; \
	    fi; \
	    for name in $(PYTHONS); do if "$$name" -c "$$fits" 2> /dev/null; then python="$$name"; break; fi; done; \
	fi; \
	if ! "$${python:-python3}" -c "$$fits" 2> /dev/null; then \
	    echo "foedus needs Python 3.11 or newer; $${python:-python3} is: $$("$${python:-python3}" --version 2>&1 || true)" >&2; \
	    echo "Install one, or say where it is: make brief PYTHON=/path/to/python3.11" >&2; exit 1; \
	fi; \
	echo "Setting up .venv with $$("$$python" --version) (once; a minute or two) ..." >&2; \
	"$$python" -m venv --clear .venv && touch $@

.venv/.run: .venv/.python lock/run.txt lock/build.txt pyproject.toml
	@$(PIP) install --require-hashes -r lock/run.txt -r lock/build.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

.venv/.test: .venv/.run lock/test.txt
	@$(PIP) install --require-hashes -r lock/test.txt
	@touch $@
