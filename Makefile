# Everything starts from `make` and Python alone; the steps themselves are in tools/.
PYTHON ?= python3
PORT ?= 8000
HOST ?= 127.0.0.1
export PORT HOST

IN := .venv/bin/python

.PHONY: help setup run test dev fmt types pins benchmark screenshots image-test clean

help: ## Say what there is to make.
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

setup: ## Install everything a run needs and build the pages.
	@$(PYTHON) tools/setup.py run

run: setup ## Serve at http://127.0.0.1:8000 (PORT=… HOST=… to change).
	@$(IN) tools/run.py

test: ## Check everything (ARGS="-k name" goes to pytest).
	@$(PYTHON) tools/setup.py test
	@$(IN) tools/check.py $(ARGS)

dev: setup ## Serve, and rebuild and reload on every change.
	@$(IN) tools/develop.py

fmt: ## Format the Python files and mend what can be mended.
	@$(PYTHON) tools/setup.py test
	@.venv/bin/ruff check --fix --quiet . ; .venv/bin/ruff format .

types: ## Write the browser's types of the API from the app.
	@$(PYTHON) tools/setup.py test
	@$(IN) tools/api_types.py

pins: ## Choose the newest allowed Python packages and write requirements/.
	@$(PYTHON) tools/pin.py

benchmark: ## Time training beside PyTorch, scikit-learn and NumPy, and the pages; fail where an aim is missed.
	@$(PYTHON) tools/setup.py peers
	@$(IN) -m benchmarks

screenshots: ## Take the pictures of the README anew.
	@$(PYTHON) tools/setup.py test
	@$(IN) -m tools.screenshots

image-test: ## Build the Docker image without Docker, start it and ask it for a trace.
	@$(PYTHON) tools/image_test.py

clean: ## Remove everything that was installed or built.
	rm -rf .venv static/node_modules static/dist .pytest_cache .ruff_cache .hypothesis
