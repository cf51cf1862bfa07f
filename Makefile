# Ryadom, for developers and CI. `make` alone lists what there is.
.DEFAULT_GOAL := help
.PHONY: help test test-full need fmt lint bench load clean-var

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

test: ## everything a change must pass, prerequisites installed first (CI runs this)
	@scripts/test.sh

test-full: test ## `make test`, then the slow proofs
	@scripts/test.sh slow

need: ## install what the tests need beyond Rust and Node
	@scripts/need.sh

fmt: ## format the Rust sources
	cargo fmt

lint: ## format, clippy, front-end and script checks, without running a test
	cargo fmt --check
	@test -d static/node_modules || npm --prefix static ci --include=dev --no-audit --no-fund
	npm --prefix static run check
	cargo clippy --profile ci --all-targets -- -D warnings
	@if command -v shellcheck >/dev/null; then shellcheck .ci/run scripts/*.sh; \
	 else echo 'shellcheck is not installed: scripts not checked'; fi

bench: ## cargo bench
	cargo bench

load: ## the load tests on loopback (scripts/load.sh, scripts/load_tiles.sh)
	@scripts/load.sh
	@scripts/load_tiles.sh

clean-var: ## remove var/, the data of a service run from this checkout
	rm -rf var
