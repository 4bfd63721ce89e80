//go:build real

package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"ringway/rtp/wav"
)

// voice is what a baresip speaks and with which codec.
type voice struct {
	module string  // of baresip
	codec  string  // as accounts name it
	rate   int     // of the tone file
	stereo bool    // Opus is always stereo
	pitch  float64 // Hz
}

// The codecs of the tests, each with a pitch that no other has and that is no multiple of another.
var (
	opusVoice = voice{"opus.so", "opus/48000/2", 48000, true, 440}
	pcmuVoice = voice{"g711.so", "pcmu", 8000, false, 620}
	g722Voice = voice{"g722.so", "g722", 16000, false, 790}
	guestTone = voice{"g711.so", "pcmu", 8000, false, 1010}
)

// softphone is a baresip that speaks a tone and records what it hears. It is told what to do, and tells what happens,
// through the control socket of its ctrl_tcp module: JSON in netstrings.
type softphone struct {
	t      *testing.T
	dir    string
	cmd    *exec.Cmd
	out    bytes.Buffer
	ctrl   net.Conn
	events chan string
}

// softphone starts a baresip with one account line.
func (s *site) softphone(v voice, account string) *softphone {
	s.t.Helper()
	dir := s.t.TempDir()
	ctrl := freePort(s.t)
	tone := filepath.Join(dir, "tone.wav")
	if err := os.WriteFile(tone, toneFile(v), 0o600); err != nil {
		s.t.Fatal(err)
	}
	for _, d := range []string{"heard", "silent"} {
		if err := os.Mkdir(filepath.Join(dir, d), 0o700); err != nil {
			s.t.Fatal(err)
		}
	}
	config := fmt.Sprintf(`sip_listen 127.0.0.1:0
net_interface 127.0.0.1
audio_source aufile,%s
audio_path %s
ctrl_tcp_listen 127.0.0.1:%d
snd_path %s
module_path /usr/lib/baresip/modules
module %s
module aufile.so
module sndfile.so
module_tmp account.so
module_app menu.so
module_app ctrl_tcp.so
`, tone, filepath.Join(dir, "silent"), ctrl, filepath.Join(dir, "heard"), v.module)
	account += fmt.Sprintf(`;outbound="sip:127.0.0.1:%d";audio_codecs=%s`+"\n", s.port, v.codec)
	for name, text := range map[string]string{"config": config, "accounts": account, "contacts": ""} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			s.t.Fatal(err)
		}
	}
	p := &softphone{t: s.t, dir: dir, events: make(chan string, 100)}
	p.cmd = exec.Command(tool(s.t, "baresip"), "-f", dir)
	p.cmd.Stdout, p.cmd.Stderr = &p.out, &p.out
	if err := p.cmd.Start(); err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(p.quit)
	if !within(10*time.Second, func() (ok bool) {
		c, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", ctrl))
		p.ctrl = c
		return err == nil
	}) {
		s.t.Fatal("baresip opens no control socket")
	}
	go p.runEvents()
	return p
}

// phone is the softphone of an account, registered, which answers by itself.
func (s *site) phone(v voice, account string) *softphone {
	s.t.Helper()
	p := s.softphone(v, fmt.Sprintf("<sip:%s@wayfare.example>;auth_pass=pw-%s;answermode=auto;regint=600", account, account))
	if !within(10*time.Second, func() bool {
		return s.count("SELECT COUNT(*) FROM bindings WHERE aor = 'sip:' || ? || '@wayfare.example'", account) > 0
	}) {
		s.t.Fatalf("%s is not registered", account)
	}
	return p
}

// app is the softphone of a customer whose session was minted.
func (s *site) app(v voice, subject, language string) *softphone {
	s.t.Helper()
	c := decode[struct{ User, Password string }](s.t, s.must("token", subject, "--language", language, "--json"))
	return s.softphone(v, fmt.Sprintf("<sip:%s@app.wayfare.example>;auth_user=%s;auth_pass=%s;regint=0", subject, c.User, c.Password))
}

// netstring is "length:text,".
func (p *softphone) do(command, params string) {
	p.t.Helper()
	text, err := json.Marshal(map[string]string{"command": command, "params": params})
	if err != nil {
		p.t.Fatal(err)
	}
	if _, err := fmt.Fprintf(p.ctrl, "%d:%s,", len(text), text); err != nil {
		p.t.Fatal(err)
	}
}

// runEvents reads the types of what happens until the socket is closed.
func (p *softphone) runEvents() {
	defer close(p.events)
	for {
		var size int
		if _, err := fmt.Fscanf(p.ctrl, "%d:", &size); err != nil || size > 1<<20 {
			return
		}
		text := make([]byte, size+1) // the comma too
		for n := 0; n < len(text); {
			m, err := p.ctrl.Read(text[n:])
			if err != nil {
				return
			}
			n += m
		}
		var e struct{ Type string }
		if json.Unmarshal(text[:size], &e) == nil && e.Type != "" {
			p.events <- e.Type
		}
	}
}

// expect waits for an event, passing over others.
func (p *softphone) expect(want string) {
	p.t.Helper()
	var seen []string
	deadline := time.After(15 * time.Second)
	for {
		select {
		case e, ok := <-p.events:
			if seen = append(seen, e); e == want {
				return
			}
			if !ok {
				p.t.Fatalf("baresip ended before %s; saw %v", want, seen)
			}
		case <-deadline:
			p.t.Fatalf("baresip says no %s, only %v", want, seen)
		}
	}
}

// dial calls and waits for the answer.
func (p *softphone) dial(number string) {
	p.t.Helper()
	p.do("dial", number)
	p.expect("CALL_ESTABLISHED")
}

func (p *softphone) hangup() {
	p.t.Helper()
	p.do("hangup", "")
	p.expect("CALL_CLOSED")
}

// quit ends the program, which completes its recordings.
func (p *softphone) quit() {
	if p.cmd == nil {
		return
	}
	if err := p.cmd.Process.Signal(os.Interrupt); err != nil {
		p.t.Error(err)
	}
	done := make(chan error, 1)
	go p.runWait(p.cmd, done)
	select {
	case <-done:
	case <-time.After(10 * time.Second):
		p.t.Error("baresip did not end")
		if err := p.cmd.Process.Kill(); err != nil {
			p.t.Error(err)
		}
		<-done
	}
	p.cmd = nil
	if p.ctrl != nil {
		p.ctrl.Close()
	}
	if p.t.Failed() {
		p.t.Logf("baresip said:\n%s", p.out.String())
	}
}

func (p *softphone) runWait(c *exec.Cmd, done chan<- error) { done <- c.Wait() }

// heard is the end of what came out of the phone's loudspeaker: the last seconds of its last recording.
func (p *softphone) heard(last time.Duration) *wav.Clip {
	p.t.Helper()
	p.quit()
	files, err := filepath.Glob(filepath.Join(p.dir, "heard", "dump-*-dec.wav"))
	if err != nil || len(files) == 0 {
		p.t.Fatalf("nothing was recorded: %v\n%s", err, p.out.String())
	}
	f, err := os.Open(files[len(files)-1])
	if err != nil {
		p.t.Fatal(err)
	}
	clip, err := wav.Read(f)
	if err := f.Close(); err != nil {
		p.t.Error(err)
	}
	if err != nil {
		p.t.Fatalf("%s: %v", strings.Join(files, " "), err)
	}
	n := int(last.Seconds() * float64(clip.Rate))
	clip.PCM = clip.PCM[max(0, len(clip.PCM)-n):]
	return clip
}
