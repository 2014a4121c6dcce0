# Everything a developer does here, by name. `make` alone lists it.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

GO ?= go
# Packages tested at once; each starts servers of its own.
P ?= 2
TIMEOUT ?= 15m
FUZZTIME ?= 10s
SCENARIO ?= smoke
SOAK ?= 5m
SOAK_TIMEOUT ?= 24h
IMAGE ?= parley:local

# Tools, pinned here and nowhere else. A new version is a new file, so a tool is
# built once.
GOLANGCI_VERSION := v2.15.0
GOFUMPT_VERSION := v0.12.0
GOVULNCHECK_VERSION := v1.9.0

TOOLS := bin/tools
GOLANGCI := $(TOOLS)/golangci-lint-$(GOLANGCI_VERSION)
GOFUMPT := $(TOOLS)/gofumpt-$(GOFUMPT_VERSION)
GOVULNCHECK := $(TOOLS)/govulncheck-$(GOVULNCHECK_VERSION)

VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
COMMIT ?= $(shell git rev-parse --verify -q HEAD 2>/dev/null || echo unknown)
BUILT ?= $(shell git log -1 --format=%cI 2>/dev/null || date -u +%Y-%m-%dT%H:%M:%SZ)
LDFLAGS := -s -w -X parley/internal/build.version=$(VERSION) -X parley/internal/build.commit=$(COMMIT) -X parley/internal/build.built=$(BUILT)

# Written by npm when it has installed what web/package-lock.json says.
NODE_PACKAGES := web/node_modules/.package-lock.json

RULES := $(filter-out %_test.yml,$(wildcard metrics/rules/*.yml))
RULE_TESTS := $(wildcard metrics/rules/*_test.yml)

##@ Use

.PHONY: help
help: ## List the targets
	@awk 'BEGIN {FS = ":.*## "} \
		/^##@/ {printf "\n%s\n", substr($$0, 5)} \
		/^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.PHONY: run
run: build ## Build and start a node (ARGS="--http-addr :8081" for flags)
	@exec bin/parley serve $(ARGS)

.PHONY: build
build: ## Build the static binaries bin/parley and bin/parley-load
	@CGO_ENABLED=0 $(GO) build -trimpath -ldflags '$(LDFLAGS)' -o bin/parley ./cmd/parley
	@CGO_ENABLED=0 $(GO) build -trimpath -ldflags '$(LDFLAGS)' -o bin/parley-load ./cmd/parley-load

.PHONY: web
web: $(NODE_PACKAGES) ## Build the browser client and the page into web/dist, which is committed
	@cd web && npm run --silent build

.PHONY: docker
docker: ## Build the container image (IMAGE=parley:local)
	docker build --build-arg VERSION=$(VERSION) --build-arg COMMIT=$(COMMIT) --build-arg BUILT=$(BUILT) -t $(IMAGE) .

##@ Prove

.PHONY: test
test: deps ## Install what the tests need, then run them all under the race detector
	$(GO) test -race -vet off -timeout $(TIMEOUT) -p $(P) ./internal/e2e ./... # the longest first; check vets
	$(GO) test -race -vet off -timeout $(TIMEOUT) -tags noepoll ./edge # the poller of systems without epoll

.PHONY: soak
soak: deps ## Three nodes among faults for SOAK (5m), with a report at the end (PARLEY_SEED=n repeats a schedule)
	SOAK='$(SOAK)' $(GO) test -race -count 1 -v -timeout $(SOAK_TIMEOUT) -run '^TestFaultsOfACluster$$' ./internal/e2e/cluster

.PHONY: check
check: fmt-check vet lint arch web-check rules manifests mod cross ## Formatting, vet, lint, architecture, docs, browser code, alert rules, manifests, modules, cross builds

.PHONY: load
load: build ## Put a node of its own under a SCENARIO of parley-load (smoke), reports in bin/load (ARGS for flags)
	@scripts/load.sh '$(SCENARIO)' $(ARGS)

.PHONY: bench
bench: build ## Measure a node against its targets and the floor (ARGS="-only joins,chat" for some rows)
	@$(GO) build -o bin/bench ./loadtest/bench
	@bin/bench -parley bin/parley $(ARGS)

.PHONY: bench-compare
bench-compare: build ## Measure a node against another revision, in turns (BASE=v1.0.0, ARGS as above)
	@$(GO) build -o bin/bench ./loadtest/bench
	@GO='$(GO)' scripts/bench-compare.sh '$(BASE)' $(ARGS)

.PHONY: bench-micro
bench-micro: ## Micro-benchmarks of what a message passes through
	@$(GO) test -run '^$$' -bench . -benchmem -benchtime 200ms ./protocol ./edge ./room ./signaling/... ./api/sockets ./store/sqlite ./store/postgres

.PHONY: fuzz
fuzz: ## Run every fuzz target for FUZZTIME (10s)
	@GO='$(GO)' scripts/fuzz.sh $(FUZZTIME)

.PHONY: vuln
vuln: $(GOVULNCHECK) ## Look for known vulnerabilities in what is called (needs the network)
	$(GOVULNCHECK) ./...

##@ Parts of check

.PHONY: fmt
fmt: $(GOFUMPT) $(NODE_PACKAGES) ## Format the code
	@$(GOFUMPT) -l -w .
	@cd web && npm run --silent format

.PHONY: fmt-check
fmt-check: $(GOFUMPT) ## Show what fmt would change, and fail if it is anything
	@$(GOFUMPT) -d . || { echo 'run: make fmt' >&2; exit 1; }

.PHONY: vet
vet: ## go vet
	$(GO) vet ./...

.PHONY: lint
lint: $(GOLANGCI) ## golangci-lint (.golangci.yml)
	$(GOLANGCI) run ./...

.PHONY: arch
arch: deps ## The rules of the house, and documentation against code
	$(GO) test ./internal/house/... ./docs/...

.PHONY: web-check
web-check: $(NODE_PACKAGES) ## Formatting, lint and types of what runs in browsers, and whether web/dist is built from it
	cd web && npm run --silent lint && npm run --silent types
	$(GO) test -run '^TestDistIsWhatTheSourcesBuild$$' ./web

.PHONY: rules
rules: deps ## Check the alert rules and run their tests
	promtool check rules $(RULES)
	promtool test rules $(RULE_TESTS)

.PHONY: manifests
manifests: ## Read compose.yaml and the Kubernetes manifests as their own tools do
	cd configs/verify && $(GO) vet ./... && $(GO) test ./...

.PHONY: mod
mod: ## go.mod is tidy, and the modules are what go.sum says
	$(GO) mod tidy -diff
	$(GO) mod verify
	cd configs/verify && $(GO) mod tidy -diff

.PHONY: cross
cross: ## Build for the other systems
	CGO_ENABLED=0 GOOS=darwin GOARCH=arm64 $(GO) build ./...
	CGO_ENABLED=0 GOOS=linux GOARCH=arm64 $(GO) build ./...

##@ Else

.PHONY: deps
deps: ## Install what the tests need: system packages (Debian, Ubuntu), then those of web/package-lock.json
	@scripts/test-deps.sh
	@$(MAKE) --silent --no-print-directory $(NODE_PACKAGES)

.PHONY: clean
clean: ## Remove what was built (data/ stays)
	rm -rf bin

$(NODE_PACKAGES): web/package-lock.json
	@cd web && npm ci --silent --no-progress
	@touch $@

$(GOLANGCI):
	@$(call install,github.com/golangci/golangci-lint/v2/cmd/golangci-lint@$(GOLANGCI_VERSION))

$(GOFUMPT):
	@$(call install,mvdan.cc/gofumpt@$(GOFUMPT_VERSION))

$(GOVULNCHECK):
	@$(call install,golang.org/x/vuln/cmd/govulncheck@$(GOVULNCHECK_VERSION))

# install builds one tool and names it with its version.
define install
echo "building $(notdir $@), once" >&2; \
mkdir -p $(TOOLS); \
GOBIN=$(CURDIR)/$(TOOLS) $(GO) install $(1); \
mv $(TOOLS)/$(notdir $(firstword $(subst @, ,$(1)))) $@
endef
