# Every command of this repository. `make` alone lists them.
SHELL := /bin/bash
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help

-include Makefile.local

JOBS ?= $(shell nproc)
LISTEN ?= 127.0.0.1:8000
ROUNDS ?= 50
SOAK_ROUNDS ?= 1000
SECONDS_PER_TARGET ?= 300
export MOVIO_TEST_DATA ?= $(abspath ../shared)
export JOBS
ifneq ($(MOVIO_CHROOT_DIR),)
export MOVIO_CHROOT_DIR
endif
export PATH := $(PATH):$(CURDIR)/build/peers/usr/sbin

# Under sudo in a user's own clone only the installing of packages is done as root: what is built belongs to the user.
ifneq ($(SUDO_UID),)
ifeq ($(SUDO_UID),$(shell stat -c %u .))
AS_USER := sudo -E -H -u \#$(SUDO_UID) --
endif
endif

.PHONY: help build run test check check-all check-trixie check-bare bench engines chaos fuzz soak format clean

help: ## list these commands
	@echo "Movio. Commands:"
	@sed -n 's/^\([a-z-]*\):[^#]*## \(.*\)/  make \1|\2/p' Makefile | awk -F'|' '{printf "%-20s %s\n", $$1, $$2}'
	@echo "Settings: JOBS=$(JOBS) LISTEN=$(LISTEN) DATA_DIR=$(DATA_DIR) ROUNDS=$(ROUNDS); more in CONTRIBUTING.md"

build: ## install what is missing, then build build/release/movio and movio-media
	@tools/setup run
	@$(AS_USER) tools/build release movio movio-media

run: build ## build, start Movio on 127.0.0.1:8000, add the demo film and print the addresses
	@$(AS_USER) tools/demo/run --listen "$(LISTEN)" $(if $(DATA_DIR),--data-dir "$(DATA_DIR)")

test: ## build and run every test; the last line counts them
	@tools/setup run test
	@$(AS_USER) tools/venv
	@$(AS_USER) tools/build dev
	@$(AS_USER) tools/test

check: ## the repository's rules: layers, sizes, words, dead files, formatting, and the checkers' own tests
	@tools/setup run test
	@$(AS_USER) /usr/bin/python3 tools/check
	@$(AS_USER) /usr/bin/python3 -m unittest discover --start-directory tools --pattern '*_test.py'

check-all: check ## check, then all tests, sanitizers, clang-tidy on every file, and Debian 13
	@tools/setup run test check
	@$(MAKE) test
	@$(AS_USER) tools/sanitize asan
	@$(AS_USER) tools/sanitize tsan
	@$(AS_USER) tools/tidy --all
	@$(MAKE) check-trixie

check-trixie: ## build and test in a Debian 13 of its own (a chroot; root only)
	@tools/setup chroot
	@tools/check-trixie

check-bare: ## run the README's two commands in a Debian 12 that has only git and make (a chroot; root only)
	@tools/setup chroot
	@tools/check-bare

bench: ## measure against peers: ffmpeg, nginx
	@tools/setup run test bench
	@$(AS_USER) tools/venv
	@$(AS_USER) tools/build release movio movio-media benches
	@$(AS_USER) tools/bench

engines: ## start the real engines of the scale-out adapters locally
	@echo "engines: nothing to start. Every adapter of this version is embedded: SQLite, local disk, memory."

chaos: ## kill and starve running jobs, many rounds (ROUNDS=50)
	@tools/setup run test
	@$(AS_USER) tools/venv
	@$(AS_USER) tools/build dev
	@$(AS_USER) tools/long chaos --rounds "$(ROUNDS)"

fuzz: ## libFuzzer on every parser of untrusted bytes (SECONDS_PER_TARGET=300), and 50,000 requests to the API
	@tools/setup run test check
	@$(AS_USER) tools/venv
	@$(AS_USER) tools/build release movio movio-media
	@$(AS_USER) tools/build fuzz fuzzers
	@$(AS_USER) tools/long fuzz --seconds "$(SECONDS_PER_TARGET)"

soak: ## film after film, and what the server holds after it (SOAK_ROUNDS=1000)
	@tools/setup run test
	@$(AS_USER) tools/venv
	@$(AS_USER) tools/build release movio movio-media
	@$(AS_USER) tools/long soak --rounds "$(SOAK_ROUNDS)"

format: ## format every C++ file
	@tools/setup run test
	@$(AS_USER) tools/format

clean: ## remove everything that was built; the data folder build/data is kept
	@echo "clean: removing build/ (all but build/data), web/dist and installed web packages"
	@if [ -d build ]; then find build -mindepth 1 -maxdepth 1 ! -name data ! -name chroot -exec rm -rf {} +; fi
	@rm -rf web/dist web/examples web/node_modules tests/web/node_modules
