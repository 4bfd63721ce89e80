# Ringway. `make run` starts the demo, `make test` passes everything; both install what is missing and say so.

GO      ?= go
# Debian's libopus is enough: the Ogg reader that libopusfile would bring is not used.
TAGS    ?= nolibopusfile
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo dev)
LDFLAGS := -X main.version=$(VERSION)
SRC     := $(shell git ls-files --cached --others --exclude-standard -- '*.go' 'config/defaults' go.mod go.sum 2>/dev/null)

# The browser application, embedded into the binary: npm runs only when one of its files changed.
WEB     := console/web
WEBSRC  := $(shell git ls-files --cached --others --exclude-standard -- '$(WEB)' ':!$(WEB)/dist' ':!$(WEB)/*.go' ':!$(WEB)/test' 2>/dev/null)

.PHONY: run build test lint unit web real browser bench soak deps test-deps clean

run: build ## build and start the sample company
	./bin/ringway demo

build: bin/ringway

bin/ringway: $(SRC) $(WEB)/dist/index.html | deps
	$(GO) build -tags $(TAGS) -ldflags '$(LDFLAGS)' -o $@ ./cmd/ringway

web: $(WEB)/dist/index.html ## the browser application alone

$(WEB)/.stamp-modules: $(WEB)/package.json $(WEB)/package-lock.json $(WEB)/.npmrc | deps
	cd $(WEB) && npm ci --silent
	@touch $@

# Fails where a page's first load has grown beyond its budget.
$(WEB)/dist/index.html: $(WEB)/.stamp-modules $(WEBSRC)
	cd $(WEB) && npm run --silent build
	@touch $@

test: test-deps lint unit real browser ## all that a change must pass, within 20 minutes

lint: deps $(WEB)/.stamp-modules
	$(GO) vet -tags $(TAGS),real,soak ./...
	$(GO) tool staticcheck -tags $(TAGS),real,soak ./...
	cd $(WEB) && npm run --silent lint

# Two packages at a time, each in a network of its own: they speak real RTP over loopback, and a stream that outlives its test
# must not reach a port that another package's test was just given. The second line only compiles, on all cores, so that
# compilers take no time from what is measured against the clock. The package that takes longest comes first.
# -vet=off: lint has asked vet for everything already.
unit: test-deps $(WEB)/.stamp-modules ## every package, with the race detector; the browser application's logic
	cd $(WEB) && npm run --silent test
	$(GO) list -tags $(TAGS) -race -test -export ./... >/dev/null
	$(GO) test -tags $(TAGS) -race -vet=off -p 2 -exec $(CURDIR)/.ci/alone -timeout 10m ./cmd/internal/node ./...

# Four at a time: they mostly wait, for phones to ring out and for time-outs.
real: test-deps build ## SIPp, baresip and the built binary
	RINGWAY_REAL=$(CURDIR)/bin/ringway $(GO) test -tags $(TAGS),real -vet=off -count=1 -parallel 4 -timeout 12m ./cmd/ringway

browser: test-deps build $(WEB)/.stamp-modules ## people in front of their screens: Chromium, the built binary, robots on the phone
	cd $(WEB) && RINGWAY=$(CURDIR)/bin/ringway npm run --silent stories

bench: deps ## the figures of PERFORMANCE.md
	.ci/bench

soak: deps ## long runs: memory over 100,000 calls, a minute of reloads
	$(GO) test -tags $(TAGS),soak -count=1 -timeout 3h -run Soak ./...

deps:
	@.ci/deps run

test-deps:
	@.ci/deps test

clean:
	rm -rf bin $(WEB)/node_modules $(WEB)/.stamp-modules
	find $(WEB)/dist -mindepth 1 ! -name .keep -delete
