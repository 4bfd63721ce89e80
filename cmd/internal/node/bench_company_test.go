package node

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// crowd is the company of the benchmarks: phones 0000 … with the password "tea", agents among them, and a carrier that is
// everybody on 127.0.1.0/24.
type crowd struct {
	phones int // accounts p00000 …, whom "_p." reaches
	agents int // people a000 … with accounts of the same names, who serve the queue behind 700
}

// write makes a configuration folder.
func (c crowd) write(tb testing.TB) string {
	tb.Helper()
	dir := tb.TempDir()
	files := map[string]string{"ringway.yaml": c.settings(), "dialplan/10-bench.yaml": plan, "queues.yaml": queue, "people.yaml": c.people()}
	for name, text := range files {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
			tb.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			tb.Fatal(err)
		}
	}
	return dir
}

func (c crowd) settings() string {
	var b strings.Builder
	b.WriteString(`node: bench
realm: example.org
listeners: [{protocol: udp, address: "127.0.0.1:0"}]
rtp: {address: 127.0.0.1, ports: 20000-59998, timeout: 1h}
codecs: [opus, G722, PCMU, PCMA]
limits: {calls: 20000, transactions: 200000}
database: {driver: sqlite, path: ringway.db}
trunks:
  carrier: {match: [127.0.1.0/24], context: callers, targets: ["sip:127.0.1.1:5060"]}
accounts:
`)
	for i := range c.phones {
		fmt.Fprintf(&b, "  p%05d: {password: tea, context: callers, name: \"Phone %d\"}\n", i, i)
	}
	for i := range c.agents {
		fmt.Fprintf(&b, "  a%03d: {password: tea, context: callers, name: \"Agent %d\"}\n", i, i)
	}
	return b.String()
}

const plan = `contexts:
  callers:
    extensions:
      "700":
        - answer
        - queue: {name: help, language: en}
        - hangup
      "_p.":
        - set: {target: "${exten}"}
        - if: "${target != ''}"
          then: [{dial: {account: "${target}", ring: 30s}}]
`

const queue = `queues:
  help:
    number: "700"
    members: "role == 'agent'"
    rank: most_capable
    steps:
      - {after: 0s, want: "speaks(agent, caller.language) >= 3"}
      - {after: 10s, want: "true"}
    ring_time: 20s
    wrap_up: 1s
    max_wait: 15m
    max_length: 10000
    music: hold
`

func (c crowd) people() string {
	if c.agents == 0 {
		return "people: [{id: nobody, role: manager}]\n"
	}
	var b strings.Builder
	b.WriteString("people:\n")
	for i := range c.agents {
		fmt.Fprintf(&b, "  - {id: a%03d, name: \"Agent %d\", role: agent, languages: {en: %d}, zone: UTC, phones: [{account: a%03d}]}\n", i, i, 3+i%3, i)
	}
	return b.String()
}

// agentNames are the ids of the agents, which are their accounts too.
func (c crowd) agentNames() (names []string) {
	for i := range c.agents {
		names = append(names, fmt.Sprintf("a%03d", i))
	}
	return names
}
