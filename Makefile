# Every daily command. `make help` lists them.
SHELL := /bin/bash
PYTHON := .venv/bin/python
SETTINGS := DJANGO_SETTINGS_MODULE=edu.settings.demo

# sympy, scipy and nltk compiled anew at each start cost twenty seconds
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help setup demo test test-fast check format lock messages look bench clean

help: ## say what there is
	@awk 'BEGIN {FS = ":.*## "} /^##@/ {printf "\n%s\n", substr($$0, 5)} /^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

##@ Using it
setup: ## install what the product needs: Python and npm packages, system packages, built pages
	@.ci/setup
demo: ## seed and serve the whole product on this machine; Ctrl-C stops all of it
	@.ci/setup demo && $(PYTHON) -m edu.embedded.run

##@ Working on it
test: setup ## run every test
	@.ci/test
test-fast: ## run the tests that need no browser and no Java
	@$(PYTHON) -m pytest -q -n 2 -m "not browser and not java and not bench"
check: setup ## lint, types, import contracts, translations
	@.ci/check
format: ## put the code into its form
	@.venv/bin/ruff check --fix -q . ; .venv/bin/ruff format .
lock: ## write the lock files anew from requirements*.in
	@.venv/bin/uv pip compile -q --universal --python-version 3.12 --generate-hashes --no-header --no-emit-index-url --overrides requirements-overrides.txt requirements.in -o requirements.txt
	@.venv/bin/uv pip compile -q --universal --python-version 3.12 --generate-hashes --no-header --no-emit-index-url --overrides requirements-overrides.txt requirements-dev.in -o requirements-dev.txt
messages: ## collect the strings to translate (needs gettext)
	@$(PYTHON) -m edu.locale.collect
look: setup ## photograph every kind of page into build/look/
	@$(PYTHON) -m tests.browser.look
bench: setup ## measure, print a table, write build/bench.json
	@mkdir -p build && rm -f build/bench.json && $(PYTHON) -m pytest -q -s -m bench tests/bench
clean: ## remove the demo's data, test databases and built files (asks the embedded parts to stop first)
	@$(PYTHON) -m edu.embedded.stop ; rm -rf var build edu/static/dist
