# The few commands of the project. `make` alone lists them.
#
# CARGO_TARGET_DIR is respected: what is built may stand outside the checkout.

SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

target := $(or $(CARGO_TARGET_DIR),target)
# In the test run a warning is an error; while writing it is not.
clippy := cargo clippy --workspace --all-targets --locked -- --deny warnings

.PHONY: help setup test demo simulate bench refusals fmt lint clean

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

setup: ## Install what the tests need and the machine lacks
	scripts/setup.sh

test: setup ## Check and test everything; a fresh clone needs under an hour on two cores
	scripts/test.sh

demo: ## Build, then run a bank on 20,000 accounts and 117,805 transfers
	cargo build --release --locked --package server
	'$(target)/release/piaohao' demo --data testdata/amlsim/20K_cycle200 --home demo-bank

simulate: ## Run ten thousand seeded simulations of crashes, faults and rival writers
	cargo run --release --locked --package engine --example simulate -- --seeds 10000

bench: ## Measure side by side with others, in one run
	cargo run --release --locked --package bench

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
	rm -rf demo-bank
