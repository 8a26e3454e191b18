# What can be done here; each of these does the set-up that it needs.

MAKEFLAGS += --no-print-directory
SHELL := /bin/bash

.PHONY: help setup run test check soak fuzz bench screenshots generate

help:
	@echo "make run                  the server, the sample county and a simulated fleet; opens the app where there is a screen, else stays up"
	@echo "make run ONCE=1           the same without a display, ends after the summary; takes SEED= and COURIERS="
	@echo "make test                 every test"
	@echo "make soak                 the long tests; takes PART=, SEED= and COUNT="
	@echo "make fuzz                 every fuzz target for a minute; takes TARGET= and SECONDS="
	@echo "make check                formatting, lints, documentation, layers, licences"
	@echo "make bench                the benchmarks, in a release build"
	@echo "make screenshots          a picture of every screen, in target/screenshots and the best in docs/screenshots"
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

soak:
	@PART="$(PART)" SEED="$(SEED)" COUNT="$(COUNT)" scripts/soak.sh

fuzz:
	@TARGET="$(TARGET)" SECONDS_EACH="$(SECONDS)" scripts/fuzz.sh

bench:
	@scripts/set-up.sh bench
	@npm run build --silent --prefix mobile
	@cargo build --locked --release -p saddlebag-sync-server -p saddlebag-tests -p saddlebag-app --bins --examples
	@cargo bench --locked -p saddlebag-tests --benches
	@SADDLEBAG_PROFILE=release mobile/e2e/run.sh node bench/main.mjs

screenshots:
	@scripts/screenshots.sh

generate:
	@scripts/generate.sh
