# Each target does its own set-up; nothing need be installed before but git, make and python3 with venv.
# What is made lies in var/. The steps stand in .ci/.
.DEFAULT_GOAL := help
.PHONY: help run test lint format messages bench demo-time fresh

python := var/venv/bin/python
export ARGS

help: ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: ## start the portal with a demonstration estate; Ctrl-C stops it (PORT=8000)
	@exec .ci/run-portal

test: ## run the checks and tests on SQLite and on PostgreSQL (ARGS="-k inbox" chooses)
	@.ci/test

lint: ## check style, templates, import directions and migrations
	@.ci/setup test
	@.ci/lint

format: ## put Python and templates in the house's form
	@.ci/setup test
	@$(python) -m ruff check --fix --quiet .
	@$(python) -m ruff format .
	@$(python) -m djlint --reformat --quiet templates || true

messages: ## collect the texts to translate, and count what is missing
	@.ci/setup test
	@.ci/messages

bench: ## measure what must be quick (tests/bench)
	@.ci/setup test
	@$(python) -m pytest -q -s -o 'python_files=bench_*.py' -o 'python_functions=bench_*' tests/bench $$ARGS

demo-time: ## show two years of a demonstration home, day by day (ARGS="--days 90")
	@.ci/setup run
	@.ci/demo-time $$ARGS

fresh: ## try `make test` and `make run` on a bare system in a chroot (root; SUITE=bookworm)
	@.ci/fresh
