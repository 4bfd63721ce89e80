//go:build real

package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// carrierIP is the address that the configuration takes for the carrier's.
const carrierIP = "127.0.0.2"

// scenario is one run of SIPp on a file of testdata/sipp.
type scenario struct {
	file  string
	words []string // pairs of {{word}} in the file and what takes its place
	ip    string   // own address; 127.0.0.1 when empty
	port  int      // own port; 0 takes a free one
	media int      // own media ports; 4 when 0
	args  []string
}

// sipp is a SIPp that runs.
type sipp struct {
	t    *testing.T
	name string
	port int
	dir  string
	cmd  *exec.Cmd
	end  context.CancelFunc
	done chan error
}

// sippPatience bounds every run of SIPp.
const sippPatience = 100 * time.Second

// sipp starts SIPp towards the switch. A server runs until its calls are done or the test ends.
func (s *site) sipp(r scenario) *sipp {
	s.t.Helper()
	dir := s.t.TempDir()
	text, err := os.ReadFile(filepath.Join("../../testdata/sipp", r.file+".xml"))
	if err != nil {
		s.t.Fatal(err)
	}
	file := filepath.Join(dir, r.file+".xml")
	if err := os.WriteFile(file, []byte(strings.NewReplacer(r.words...).Replace(string(text))), 0o600); err != nil {
		s.t.Fatal(err)
	}
	if r.ip == "" {
		r.ip = "127.0.0.1"
	}
	if r.port == 0 {
		r.port = freePort(s.t)
	}
	args := []string{fmt.Sprintf("127.0.0.1:%d", s.port), "-sf", file, "-i", r.ip, "-bind_local", "-p", fmt.Sprint(r.port), "-mi", r.ip, "-mp", fmt.Sprint(portBlock(s.t, max(r.media, 4))),
		"-nostdin", "-trace_err", "-error_file", "errors.log", "-trace_msg", "-message_file", "messages.log", "-trace_logs", "-log_file", "log.log",
		"-timeout", fmt.Sprint(int(sippPatience.Seconds())), "-timeout_error"}
	ctx, cancel := context.WithTimeout(context.Background(), sippPatience+10*time.Second)
	p := &sipp{t: s.t, name: r.file, port: r.port, dir: dir, end: cancel, done: make(chan error, 1)}
	p.cmd = exec.CommandContext(ctx, tool(s.t, "sipp"), append(args, r.args...)...)
	p.cmd.Dir = dir
	if err := p.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	go p.runWait()
	s.t.Cleanup(p.kill)
	return p
}

func (p *sipp) runWait() {
	err := p.cmd.Wait()
	p.end()
	p.done <- err
}

// kill ends SIPp and waits until it is gone.
func (p *sipp) kill() {
	p.end()
	p.done <- <-p.done
}

// succeed waits until all its calls went as the scenario says.
func (p *sipp) succeed() {
	p.t.Helper()
	err := <-p.done
	p.done <- err // for kill
	if err != nil {
		p.t.Fatalf("SIPp %s: %v\n%s\n%s", p.name, err, p.errors(), p.tail())
	}
}

// ended tells whether it is over already.
func (p *sipp) ended() bool {
	select {
	case err := <-p.done:
		p.done <- err
		return true
	default:
		return false
	}
}

func (p *sipp) errors() string { return p.read("errors.log") }

// messages are all SIP messages that came and went.
func (p *sipp) messages() string { return p.read("messages.log") }

func (p *sipp) tail() string {
	text := p.messages()
	return text[max(0, len(text)-6000):]
}

func (p *sipp) read(name string) string {
	text, err := os.ReadFile(filepath.Join(p.dir, name))
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		p.t.Error(err)
	}
	return string(text)
}

// received are the first lines of what came in.
func (p *sipp) received() []string {
	var out []string
	for _, m := range receivedLine.FindAllStringSubmatch(p.messages(), -1) {
		out = append(out, strings.TrimSpace(m[1]))
	}
	return out
}

var receivedLine = regexp.MustCompile(`message received \[\d+\] bytes :\s+([^\r\n]+)`)

// run is sipp and succeed.
func (s *site) run(r scenario) *sipp {
	s.t.Helper()
	p := s.sipp(r)
	p.succeed()
	return p
}

// call makes one call from the carrier.
func (s *site) call(file, number string, words ...string) *sipp {
	s.t.Helper()
	return s.sipp(scenario{file: file, words: words, ip: carrierIP, args: []string{"-m", "1", "-s", number}})
}

// register registers accounts with the contact host:port, from that very port.
func (s *site) register(port int, accounts ...string) {
	s.t.Helper()
	s.registers(port, "Contact: <sip:[field0]@[local_ip]:[local_port]>;expires=600\n", accounts...)
}

// registers sends Contact lines for accounts, each of which answers a challenge.
func (s *site) registers(port int, contacts string, accounts ...string) *sipp {
	s.t.Helper()
	lines := "SEQUENTIAL\n"
	for _, a := range accounts {
		lines += fmt.Sprintf("%s;[authentication username=%s password=pw-%s]\n", a, a, a)
	}
	list := filepath.Join(s.t.TempDir(), "accounts.csv")
	if err := os.WriteFile(list, []byte(lines), 0o600); err != nil {
		s.t.Fatal(err)
	}
	return s.run(scenario{file: "register", words: []string{"{{contacts}}", contacts}, port: port,
		args: []string{"-m", fmt.Sprint(len(accounts)), "-auth_uri", "wayfare.example", "-inf", list, "-l", "20", "-r", "200"}})
}

// agentPhone registers a joined agent and lets SIPp answer for her phone.
func (s *site) agentPhone(agent, file string, words ...string) *sipp {
	s.t.Helper()
	port := freePort(s.t)
	s.register(port, agent)
	p := s.sipp(scenario{file: file, words: words, port: port, args: []string{"-m", "1"}})
	s.must("agent", agent, "join")
	s.becomes(agent, "available")
	return p
}
