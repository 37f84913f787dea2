# The few commands of the project. `make` alone lists them.
#
# CARGO_TARGET_DIR is respected: what is built may stand outside the checkout.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

target := $(or $(CARGO_TARGET_DIR),target)
# What favours the peer of the measurements: room in memory, few checkpoints, as many connections
# as there are clients. Nothing here lets it answer before it is durable.
bench_pg := -c shared_buffers=1GB -c max_wal_size=8GB -c checkpoint_timeout=30min \
    -c max_connections=200
# In the test run a warning is an error; while writing it is not.
clippy := cargo clippy --workspace --all-targets --locked -- --deny warnings

.PHONY: help setup test demo ui api pictures simulate bench refusals fmt lint clean

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

setup: ## Install what the tests need and the machine lacks
	scripts/setup.sh

test: setup ## Check and test everything; a fresh clone needs under an hour on two cores
	scripts/test.sh

demo: ui ## Build, run a bank on 20,000 accounts and 117,805 transfers, then serve it
	cargo build --release --locked --package server
	'$(target)/release/piaohao' demo --data testdata/amlsim/20K_cycle200 --home demo-bank --serve

ui: ## Build the pages that the program carries, if their sources changed
	scripts/build-ui.sh

api: ## Write the pages' types anew from the interface of this very program
	cargo build --locked --package server
	cd ui && npm run --silent api -- '$(abspath $(target))/debug/piaohao'

pictures: ui ## Take the pictures of the documents anew
	cargo build --locked --package server
	cd ui && PICTURES=1 PIAOHAO_PROGRAM='$(abspath $(target))/debug/piaohao' npm run walk -- -g pictures

simulate: ## Run ten thousand simulated banks and two thousand offices: crashes, faults, rivals
	cargo run --release --locked --package engine --example simulate -- --seeds 10000 --offices 2000

bench: setup ## Measure side by side with others, in one run; ten minutes
	cargo build --release --locked --package bench
	PIAOHAO_PG_OPTIONS='$(bench_pg)' scripts/with-postgres.sh '$(target)/release/bench' $(ARGS)

refusals: ## Write docs/refusals.md anew
	cargo xtask refusals

fmt: ## Format the code
	cargo fmt --all

lint: ## Check style without testing: tidy, format, clippy
	cargo xtask tidy
	cargo fmt --all --check
	$(clippy)

clean: ## Remove what was built, and the demonstration's bank
	cargo clean
	rm -rf demo-bank ui/dist/page ui/node_modules ui/test-results
