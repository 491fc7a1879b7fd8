# The front door. `make` alone says what there is.
#
# Every target works on a fresh Debian 12 that has a Swift 6.3 toolchain: what else is needed is installed by
# tools/setup, which does nothing when nothing is missing.

SHELL := /bin/bash
export PATH := $(PATH):/opt/swift/usr/bin

# Further flags of the release build, such as --static-swift-stdlib for a machine without the Swift runtime.
RELEASE_FLAGS ?=
FORMATTED := Sources Tests Benchmarks Package.swift

.DEFAULT_GOAL := help
.PHONY: help setup run test test-faults fuzz check check-format check-imports check-style check-dependencies format \
	screenshots build bench package clean

help: ## Show this list
	@echo "Vortag: reminders on the day before."
	@echo
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) \
		| sed -E 's/^([a-z-]+):.*## (.*)$$/\1\t\2/' \
		| while IFS=$$'\t' read -r name text; do printf '  make %-20s %s\n' "$$name" "$$text"; done

setup: ## Install what building, running and testing need
	@tools/setup test

run: ## Build, create a demonstration practice and start on http://127.0.0.1:8080
	@tools/setup run
	@tools/run

test: ## Everything: build, check, Swift tests, end-to-end and browser tests
	@tools/setup test
	@tools/test

test-faults: ## Kills, cuts, full disks, jumping clocks, in full; SEED=7 repeats a run's random choices
	@tools/setup test
	swift build --product vortag
	.venv/bin/python -m pytest -q Tests/Faults --long $(if $(SEED),--seed $(SEED))
	@tools/fuzz 60

check: check-format check-imports check-style check-dependencies ## Format, lint, imports, style, dependencies

check-format: ## Is every Swift file formatted, and free of what .swift-format forbids?
	swift format lint --strict --parallel --recursive $(FORMATTED)

check-imports: ## Does each room import only what docs/architecture.md allows?
	@tools/check-imports --self-test
	@tools/check-imports

check-style: ## Sizes, clocks, forced unwrapping, German in sources, locale keys
	@tools/check-style --self-test
	@tools/check-style

check-dependencies: ## Does every target declare the modules it imports?
	swift build --explicit-target-dependency-import-check error

format: ## Format every Swift file in place
	swift format --in-place --parallel --recursive $(FORMATTED)

screenshots: ## Take the pictures of docs/screenshots anew, from the demonstration practice
	@tools/setup test
	swift build --product vortag
	@tools/screenshots

build: ## Build the release binary, .build/release/vortag
	@tools/setup run
	swift build --configuration release --product vortag $(RELEASE_FLAGS)

bench: build ## Measure what docs and README claim, with Kannel and PgQueuer beside; an hour
	@tools/setup bench
	swift build --configuration release --product QueueBenchmark
	@Benchmarks/run --markdown

fuzz: ## Throw changed inputs at what reads PDUs, receipts and the configuration, a minute each
	@tools/setup run
	@tools/fuzz 60

package: build ## Pack binary, resources and documents as dist/vortag-VERSION-ARCH.tar.gz
	@tools/package

clean: ## Remove what was built; data, .venv and the fetched scripts stay
	rm -rf .build dist
