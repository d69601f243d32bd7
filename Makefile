# eos-sweep: `make sweep` runs the quickstart, `make test` runs every test. `make help` lists the rest.

PREFIX ?= /usr/local
PYTHON ?= .venv/bin/python

.DEFAULT_GOAL := help
.PHONY: help setup build sweep test install format lint benchmark clean

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' Makefile

setup: ## install what is missing: Debian packages and the Python environment .venv
	@Scripts/setup

build: setup ## build the program in release mode
	@Scripts/build

sweep: setup ## run the quickstart sweep on this machine's cores and draw its figures
	@Scripts/sweep

test: ## run every test: Swift, MPI, end to end, SLURM, Python, style
	@Scripts/setup shellcheck --if-possible slurm-wlm munge
	@Scripts/test

install: setup ## install program, jobs and SLURM scripts under PREFIX (default /usr/local)
	@Scripts/install "$(PREFIX)"

format: setup ## format Swift and Python sources
	swift format --in-place --recursive --parallel Package.swift Sources Tests
	.venv/bin/ruff format analysis Benchmarks Tests
	.venv/bin/ruff check --fix analysis Benchmarks Tests

lint: ## check style without changing anything
	@Scripts/setup shellcheck
	@Scripts/lint

benchmark: build ## measure speed side by side with PyTorch and JAX: ROWS="mlp cnn" OPTIONS="--data FILE --quick"
	$(PYTHON) Benchmarks/benchmark.py $(ROWS) $(OPTIONS)

clean: ## remove build products; results and .venv stay
	rm -rf .build analysis/build
