//go:build real

package main

import (
	"bufio"
	"bytes"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	_ "github.com/mattn/go-sqlite3"

	"ringway/console"
	"ringway/store"
)

// The tests of this build tag call the built program by real phones, each on a switch of its own:
//
//	SIPp "carrier" 127.0.0.2 ──┐                        ┌── SIPp agents (registered by digest)
//	baresip, the app (Opus) ───┼── ringway serve (copy ─┤
//	a phone, by digest ────────┘   of testdata/config)  └── baresip agents (PCMU, G.722)

// site is a folder with a configuration and a data folder, and the switch that runs on them.
type site struct {
	t      *testing.T
	dir    string
	data   string
	port   int // of SIP, UDP and TCP, on 127.0.0.1
	serve  *exec.Cmd
	out    bytes.Buffer // what serve printed, read once it ended
	exited chan error
}

// newSite copies testdata/config/real and moves it to free ports, without starting anything.
func newSite(t *testing.T) *site {
	t.Helper()
	program(t)
	s := &site{t: t, dir: filepath.Join(t.TempDir(), "company"), data: t.TempDir(), port: freePort(t)}
	if err := os.CopyFS(s.dir, os.DirFS("../../testdata/config/real")); err != nil {
		t.Fatal(err)
	}
	const media = 60 // of a site that has few calls
	first := portBlock(t, media)
	s.edit("ringway.yaml", "127.0.0.1:5060", fmt.Sprintf("127.0.0.1:%d", s.port))
	s.edit("ringway.yaml", "16384-16583", fmt.Sprintf("%d-%d", first, first+media-1))
	return s
}

// startSite is newSite with the switch running until the test ends.
func startSite(t *testing.T) *site {
	t.Helper()
	s := newSite(t)
	s.start()
	return s
}

// program is the built switch.
func program(t *testing.T) string {
	t.Helper()
	path := os.Getenv("RINGWAY_REAL")
	if path == "" {
		t.Fatal("RINGWAY_REAL does not name the built program: run 'make real'")
	}
	return path
}

// tool is a program of the test's dependencies.
func tool(t *testing.T, name string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil {
		t.Fatalf("%s is missing: '.ci/deps test' installs it", name)
	}
	return path
}

// edit replaces the only place where a file of the configuration says something.
func (s *site) edit(file, old, new string) {
	s.t.Helper()
	path := filepath.Join(s.dir, file)
	text, err := os.ReadFile(path)
	if err != nil {
		s.t.Fatal(err)
	}
	if !strings.Contains(string(text), old) {
		s.t.Fatalf("%s does not say %q", file, old)
	}
	if err := os.WriteFile(path, []byte(strings.ReplaceAll(string(text), old, new)), 0o600); err != nil {
		s.t.Fatal(err)
	}
}

// start runs `ringway serve` and waits until it says where it listens.
func (s *site) start() {
	s.t.Helper()
	s.serve = exec.Command(program(s.t), "serve", s.dir, "--data", s.data)
	log, err := os.OpenFile(s.log(), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		s.t.Fatal(err)
	}
	s.serve.Stderr = log
	out, err := s.serve.StdoutPipe()
	if err != nil {
		s.t.Fatal(err)
	}
	if err := s.serve.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.exited = make(chan error, 1)
	said := make(chan string, 1)
	go s.runServe(bufio.NewScanner(out), said, log)
	select {
	case line := <-said:
		if !strings.Contains(line, fmt.Sprintf("serves %s on udp 127.0.0.1:%d, tcp 127.0.0.1:%d", s.dir, s.port, s.port)) {
			s.t.Fatalf("serve says %q\n%s", line, s.logged())
		}
	case <-time.After(20 * time.Second):
		s.t.Fatalf("serve said nothing for 20 s\n%s", s.logged())
	}
	s.t.Cleanup(s.stop)
}

// runServe reads what serve prints until it exits.
func (s *site) runServe(lines *bufio.Scanner, said chan<- string, log *os.File) {
	if lines.Scan() {
		said <- lines.Text()
	} else {
		said <- ""
	}
	for lines.Scan() {
		s.out.WriteString(lines.Text() + "\n")
	}
	err := s.serve.Wait()
	s.exited <- errors.Join(err, log.Close())
}

func (s *site) log() string { return filepath.Join(s.data, "serve.log") }

func (s *site) logged() string {
	text, _ := os.ReadFile(s.log())
	return string(text)
}

// stop ends the switch politely; it must exit with 0, and its log must tell of no panic.
func (s *site) stop() {
	if s.serve == nil {
		return
	}
	s.signal(syscall.SIGTERM)
	select {
	case err := <-s.exited:
		if err != nil {
			s.t.Errorf("serve ended with %v\n%s", err, s.logged())
		}
	case <-time.After(20 * time.Second):
		s.t.Errorf("serve did not end within 20 s of SIGTERM\n%s", s.logged())
		s.signal(syscall.SIGKILL)
		<-s.exited
	}
	s.serve = nil
	if log := s.logged(); strings.Contains(log, "panic") {
		s.t.Errorf("the log tells of a panic:\n%s", log)
	} else if s.t.Failed() {
		s.t.Logf("log of the switch:\n%s", log)
	}
}

// kill ends the switch as a crash does.
func (s *site) kill() {
	s.t.Helper()
	s.signal(syscall.SIGKILL)
	<-s.exited
	s.serve = nil
}

func (s *site) signal(sig syscall.Signal) {
	if err := s.serve.Process.Signal(sig); err != nil && !errors.Is(err, os.ErrProcessDone) {
		s.t.Error(err)
	}
}

// ran is what a command came to.
type ran struct {
	out, err string
	code     int
}

// ringway runs a command on the site's data folder.
func (s *site) ringway(args ...string) ran {
	s.t.Helper()
	return command(s.t, append(args, "--data", s.data)...)
}

func command(t *testing.T, args ...string) ran {
	t.Helper()
	c := exec.Command(program(t), args...)
	var out, errOut bytes.Buffer
	c.Stdout, c.Stderr = &out, &errOut
	err := c.Run()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	return ran{out.String(), errOut.String(), c.ProcessState.ExitCode()}
}

// must runs a command that has to succeed and returns what it printed.
func (s *site) must(args ...string) string {
	s.t.Helper()
	r := s.ringway(args...)
	if r.code != exitDone {
		s.t.Fatalf("ringway %s: exit %d\n%s%s", strings.Join(args, " "), r.code, r.out, r.err)
	}
	return r.out
}

func decode[T any](t *testing.T, text string) (v T) {
	t.Helper()
	if err := json.Unmarshal([]byte(text), &v); err != nil {
		t.Fatalf("%v in\n%s", err, text)
	}
	return v
}

func (s *site) status() console.Status {
	s.t.Helper()
	return decode[console.Status](s.t, s.must("status", "--json"))
}

// agent is how one agent is now.
func (s *site) agent(id string) console.AgentView {
	s.t.Helper()
	for _, a := range decode[[]console.AgentView](s.t, s.must("agents", "--json")) {
		if a.ID == id {
			return a
		}
	}
	s.t.Fatalf("there is no agent %s", id)
	return console.AgentView{}
}

// becomes waits until an agent is in a state.
func (s *site) becomes(id string, want store.AgentBucket) {
	s.t.Helper()
	var got string
	if !within(15*time.Second, func() bool { got = s.agent(id).State; return got == string(want) }) {
		s.t.Fatalf("%s is %s, want %s", id, got, want)
	}
}

// idle waits until no call is up; then every call has its row.
func (s *site) idle() {
	s.t.Helper()
	var now console.Status
	done := func() bool { now = s.status(); return now.Calls == 0 && now.Records.Waiting == 0 }
	if !within(10*time.Second, done) {
		s.t.Fatalf("%d calls are left, %d records wait", now.Calls, now.Records.Waiting)
	}
}

// calls lists the records, oldest first, once they are complete.
func (s *site) calls() []store.Call {
	s.t.Helper()
	list := decode[struct{ Calls []store.Call }](s.t, s.must("calls", "--limit", "1000", "--format", "json")).Calls
	for i, j := 0, len(list)-1; i < j; i, j = i+1, j-1 {
		list[i], list[j] = list[j], list[i]
	}
	return list
}

// onlyCall is the record of the one call there was.
func (s *site) onlyCall() store.Call {
	s.t.Helper()
	s.idle()
	s.written()
	list := s.calls()
	if len(list) != 1 {
		s.t.Fatalf("%d calls are on record, want 1: %+v", len(list), list)
	}
	return list[0]
}

// written waits until the group of records that is being gathered is in the database: no call is open in it any more.
func (s *site) written() {
	s.t.Helper()
	if !within(5*time.Second, func() bool { return s.count("SELECT COUNT(*) FROM calls WHERE ended IS NULL") == 0 }) {
		s.t.Fatal("calls that ended are still open in the database")
	}
}

// offers says in one line how the agents of a call were asked.
func (s *site) offers(call string) string {
	s.t.Helper()
	return s.column("SELECT agent || ' ' || outcome || ' ' || status FROM offers WHERE call = ? ORDER BY started", call)
}

// query reads the database by plain SQL, beside the switch.
func (s *site) query(text string, args ...any) *sql.Rows {
	s.t.Helper()
	db, err := sql.Open("sqlite3", "file:"+filepath.Join(s.data, "ringway.db")+"?mode=ro&_busy_timeout=5000")
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(func() {
		if err := db.Close(); err != nil {
			s.t.Error(err)
		}
	})
	rows, err := db.Query(text, args...)
	if err != nil {
		s.t.Fatalf("%s: %v", text, err)
	}
	return rows
}

// column is the first column of a query's answer, joined by commas.
func (s *site) column(text string, args ...any) string {
	s.t.Helper()
	rows := s.query(text, args...)
	var all []string
	for rows.Next() {
		var v string
		if err := rows.Scan(&v); err != nil {
			s.t.Fatal(err)
		}
		all = append(all, v)
	}
	if err := errors.Join(rows.Err(), rows.Close()); err != nil {
		s.t.Fatal(err)
	}
	return strings.Join(all, ", ")
}

func (s *site) count(text string, args ...any) (n int) {
	s.t.Helper()
	if _, err := fmt.Sscan(s.column(text, args...), &n); err != nil {
		s.t.Fatalf("%s: %v", text, err)
	}
	return n
}

// within asks until yes or the time is over.
func within(d time.Duration, yes func() bool) bool {
	for end := time.Now().Add(d); ; time.Sleep(50 * time.Millisecond) {
		if yes() {
			return true
		}
		if time.Now().After(end) {
			return false
		}
	}
}

// sockets counts what the switch has open of a protocol, by the kernel's table.
func (s *site) sockets(proto string) int {
	s.t.Helper()
	mine := map[string]bool{}
	dir := fmt.Sprintf("/proc/%d", s.serve.Process.Pid)
	fds, err := os.ReadDir(dir + "/fd")
	if err != nil {
		s.t.Fatal(err)
	}
	for _, fd := range fds {
		if to, err := os.Readlink(filepath.Join(dir, "fd", fd.Name())); err == nil {
			mine[strings.TrimSuffix(strings.TrimPrefix(to, "socket:["), "]")] = true
		}
	}
	table, err := os.ReadFile(dir + "/net/" + proto)
	if err != nil {
		s.t.Fatal(err)
	}
	n := 0
	for _, line := range strings.Split(string(table), "\n")[1:] {
		if f := strings.Fields(line); len(f) > 9 && mine[f[9]] {
			n++
		}
	}
	return n
}

// at is where the switch speaks SIP.
func (s *site) at() string { return fmt.Sprintf("127.0.0.1:%d", s.port) }

// plain is text without what differs between runs: the folder and the media ports.
func (s *site) plain(text string) string {
	text = strings.ReplaceAll(text, s.dir, "DIR")
	return mediaRange.ReplaceAllString(text, "{ports: 16384-16583,")
}

var mediaRange = regexp.MustCompile(`\{ports: \d+-\d+,`)
