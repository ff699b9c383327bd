# `make run` and `make test` are the two commands; the rest are their parts. Each installs what it lacks (.ci/toolchain).
# The line of help of a target stands behind its name.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
MAKEFLAGS += --no-builtin-rules --no-print-directory
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

export CARGO_TARGET_DIR := $(CURDIR)/target
cargo := .ci/tool cargo
# Everything but the browser's entry, in one resolve, so that lints, tests and documentation share what they compile.
# The page crate is compiled for the server here and for the browser below, never for both at once.
native := --workspace --exclude frontend --features app/ssr

.PHONY: help
help: ## this list
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  \033[1m%-14s\033[0m %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

# --- running -------------------------------------------------------------------------------------------------

.PHONY: run
run: ## build, start PostgreSQL, server and sandbox, and print the address; Ctrl-C ends it
	@.ci/run-local release

.PHONY: dev
dev: ## the same with a debug build: compiles in a third of the time, answers slower
	@.ci/run-local debug

.PHONY: toolchain
toolchain: ## install what is missing: compiler, wasm-bindgen, npm packages, PostgreSQL, Chromium
	@.ci/toolchain test

.PHONY: secrets
secrets: ## make the passwords and the root key that compose.yaml reads
	@.ci/compose-secrets

# --- building ------------------------------------------------------------------------------------------------

.PHONY: build
build: site ## the optimized binary, site included: target/release/connections
	$(cargo) build --locked --release -p server

.PHONY: debug
debug: site ## the debug binary, which reads the site from target/site: target/debug/connections
	$(cargo) build --locked $(native) --bin connections

.PHONY: site
site: target/site/manifest.json ## what browsers download: target/site

stage := target/browser/stage
browser_wasm := target/browser/wasm32-unknown-unknown/browser/frontend.wasm
browser_build := CARGO_TARGET_DIR=target/browser $(cargo)
browser_target := --locked --target wasm32-unknown-unknown --profile browser
styles := $(shell find style -name node_modules -prune -o -name '*.css' -print)

target/site/manifest.json: $(stage)/connections_bg.wasm $(stage)/connections.css .ci/site.mjs
	@node .ci/site.mjs $(stage) target/site

# Cargo decides whether there is something to do; an unchanged file keeps its time.
$(browser_wasm): FORCE
	@$(browser_build) build $(browser_target) -p frontend

# The features are those that the compiler emits; naming more would let the optimizer use what browsers do not know.
# Functions that are called once stay apart: inlined, they make the file smaller and its compressed twin larger.
wasm_features := bulk-memory bulk-memory-opt call-indirect-overlong multivalue mutable-globals \
	nontrapping-float-to-int reference-types sign-ext
$(stage)/connections_bg.wasm: $(browser_wasm) style/node_modules/.installed Makefile
	@mkdir -p $(stage)
	@rm -rf $(stage)/bindgen $(stage)/snippets
	@.data/tools/bin/wasm-bindgen --target web --no-typescript --out-name connections --out-dir $(stage)/bindgen $(browser_wasm)
	@mv $(stage)/bindgen/connections.js $(stage)/
	@if [ -e $(stage)/bindgen/snippets ]; then mv $(stage)/bindgen/snippets $(stage)/; fi
	@node style/node_modules/.bin/wasm-opt -Oz --one-caller-inline-max-function-size 1 $(wasm_features:%=--enable-%) \
		$(stage)/bindgen/connections_bg.wasm -o $@

$(stage)/connections.css: $(styles) style/build.js style/node_modules/.installed
	@mkdir -p $(stage)
	@node style/build.js $@

style/node_modules/.installed: style/package-lock.json
	@.ci/toolchain build
	@touch $@

FORCE:

# --- checking ------------------------------------------------------------------------------------------------

.PHONY: format
format: ## rewrite the Rust code in the house's format
	$(cargo) fmt --all

.PHONY: check
check: check-format lint lint-browser ## format and lints of both leaves

.PHONY: check-format
check-format: ## whether the Rust code has the house's format
	$(cargo) fmt --all --check

.PHONY: lint
lint: ## clippy on everything that runs on the server, tests included
	$(cargo) clippy --locked $(native) --all-targets -- -D warnings

.PHONY: lint-browser
lint-browser: ## clippy on what runs in the browser
	$(browser_build) clippy $(browser_target) -p frontend -p app -p domain --lib -- -D warnings

.PHONY: doc
doc: ## our crates' documentation, every link in it checked: target/doc
	RUSTDOCFLAGS='-D warnings -A rustdoc::private-intra-doc-links' $(cargo) doc --locked $(native) --no-deps --document-private-items

.PHONY: policy
policy: ## licenses, advisories, denied crates, and the walls between our crates
	.ci/tool .ci/policy

.PHONY: style
style: $(stage)/connections.css ## whether the bundled style sheet is whole, small, and asks nobody else
	@node .ci/style-check.mjs $<

.PHONY: sqlx
sqlx: ## write .sqlx again, from a private database with the current migrations
	@.ci/postgres with pg-sqlx .ci/sqlx write

.PHONY: sqlx-check
sqlx-check: ## whether .sqlx is what the queries and migrations say
	@.ci/postgres with pg-sqlx .ci/sqlx check

# --- testing -------------------------------------------------------------------------------------------------

# cargo-nextest where it is installed: it runs tests of all crates at once and says how long each took.
runner = $(if $(shell command -v cargo-nextest),nextest run,test) --locked --no-fail-fast $(native)

.PHONY: test
test: ## everything, and how long each step took
	@.ci/test

.PHONY: compile
compile: site ## the debug binary and all tests
	$(cargo) build --locked $(native) --bins --tests

.PHONY: unit
unit: ## tests inside the crates
	@.ci/postgres with pg-test $(cargo) $(runner) --lib --bins

.PHONY: integration
integration: site ## tests of the crates from outside, with a private PostgreSQL
	@.ci/postgres with pg-test $(cargo) $(runner) --test '*'

.PHONY: examples
examples: ## the examples in the documentation
	$(cargo) test --locked $(native) --doc

.PHONY: oauth1
oauth1: ## OAuth 1.0a: 100,000 requests signed by us and by oauthlib, and what Authlib thinks of ours
	$(cargo) build --locked $(native) --example oauth1_sign
	.data/venv/bin/python end2end/oauth1/differential.py target/debug/examples/oauth1_sign
	.data/venv/bin/python end2end/oauth1/legs.py target/debug/examples/oauth1_sign

.PHONY: sdk
sdk: ## tests of the SDKs, each with its own language's means
	cd sdk/python && PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=src ../../.data/venv/bin/python -m unittest discover -s tests
	npm --prefix sdk/javascript test

.PHONY: browser
browser: compile ## tests in Chromium, with a private PostgreSQL and the debug binary
	@.ci/postgres with pg-browser env CONNECTIONS_BINARY=$(CURDIR)/target/debug/connections npm --prefix end2end test

.PHONY: contract
contract: compile ## whether every answer of the API is as described, with a private PostgreSQL and the debug binary
	@.ci/postgres with pg-browser env CONNECTIONS_BINARY=$(CURDIR)/target/debug/connections node end2end/schemathesis.mjs

.PHONY: screenshots
screenshots: compile ## every page, light and dark, wide and narrow: end2end/artifacts
	@.ci/postgres with pg-browser env CONNECTIONS_BINARY=$(CURDIR)/target/debug/connections node end2end/screenshots.mjs

.PHONY: bench
bench: build ## figures of this machine: requests a second, page times, sizes
	@.ci/toolchain bench
	@.ci/postgres with pg-browser env CONNECTIONS_BINARY=$(CURDIR)/target/release/connections sh -c 'node end2end/bench/console.mjs && node end2end/bench/calls.mjs'

.PHONY: clean
clean: ## delete what was built; .data with tools, database and root key stays
	rm -rf target
