# Ringway. `make run` starts the demo, `make test` passes everything; both install what is missing and say so.

GO      ?= go
# Debian's libopus is enough: the Ogg reader that libopusfile would bring is not used.
TAGS    ?= nolibopusfile
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
LDFLAGS := -X main.version=$(VERSION)
SRC     := $(shell git ls-files --cached --others --exclude-standard -- '*.go' 'config/defaults' go.mod go.sum 2>/dev/null)

.PHONY: run build test lint unit real bench soak deps test-deps clean

run: build ## build and start the sample company
	./bin/ringway demo

build: bin/ringway

bin/ringway: $(SRC) | deps
	$(GO) build -tags $(TAGS) -ldflags '$(LDFLAGS)' -o $@ ./cmd/ringway

test: test-deps lint unit real ## all that a change must pass, within 20 minutes

lint: deps
	$(GO) vet -tags $(TAGS) ./...
	$(GO) tool staticcheck -tags $(TAGS) ./...

# One package at a time: they speak real RTP over loopback, and a stream that outlives its test must not reach a port that
# another package's test was just given. The first line only compiles, on all cores.
unit: deps ## every package, with the race detector
	$(GO) test -tags $(TAGS) -race -run '^$$' ./... >/dev/null
	$(GO) test -tags $(TAGS) -race -p 1 -timeout 10m ./...

real: test-deps build ## SIPp, baresip and the built binary
	RINGWAY_REAL=$(CURDIR)/bin/ringway $(GO) test -tags $(TAGS),real -count=1 -timeout 12m ./cmd/ringway

bench: deps ## the figures of PERFORMANCE.md
	.ci/bench

soak: deps ## long runs: memory over 100,000 calls, load with faults
	$(GO) test -tags $(TAGS),soak -count=1 -timeout 3h -run Soak ./...

deps:
	@.ci/deps run

test-deps:
	@.ci/deps test

clean:
	rm -rf bin
