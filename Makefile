# What can be done here; each of these does the set-up that it needs.

MAKEFLAGS += --no-print-directory
SHELL := /bin/bash

.PHONY: help setup run test check bench generate

help:
	@echo "make run                  the server, the sample county and a simulated fleet; opens the app where there is a screen, else stays up"
	@echo "make run ONCE=1           the same without a display, ends after the summary; takes SEED= and COURIERS="
	@echo "make test                 every test"
	@echo "make check                formatting, lints, documentation, layers, licences"
	@echo "make bench                the benchmarks, in a release build"
	@echo "make generate             writes anew what is generated and committed"
	@echo "make setup                the set-up alone"

setup:
	@scripts/set-up.sh test

run:
	@ONCE="$(ONCE)" SEED="$(SEED)" COURIERS="$(COURIERS)" scripts/run.sh

test:
	@scripts/test.sh

check:
	@scripts/check.sh

bench:
	@scripts/set-up.sh build
	@cargo build --locked --release -p saddlebag-sync-server -p saddlebag-tests --bins
	@cargo bench --locked -p saddlebag-tests --benches

generate:
	@scripts/generate.sh
