//go:build real

package main

import (
	"regexp"
	"slices"
	"strings"
	"testing"
)

var contactURI = regexp.MustCompile(`(?m)^Contact: <([^>]*)>`)

// bound are the Contact URIs of the last 200, sorted.
func bound(p *sipp) string {
	text := p.messages()
	var out []string
	for _, m := range contactURI.FindAllStringSubmatch(text[strings.LastIndex(text, "SIP/2.0 200"):], -1) {
		out = append(out, m[1])
	}
	slices.Sort(out)
	return strings.Join(out, " ")
}

func TestContactsComeAndGo(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	port := freePort(t)
	const desk, soft = "sip:mei@127.0.0.1:40001", "sip:mei@127.0.0.1:40002;transport=udp"
	for _, step := range []struct{ name, contacts, want string }{
		{"two at once", "Contact: <" + desk + ">;q=0.9;expires=600\nContact: <" + soft + ">;q=0.5;expires=300\n", desk + " " + soft},
		{"asking only", "", desk + " " + soft},
		{"one goes", "Contact: <" + desk + ">;expires=0\n", soft},
		{"a third", "Contact: <sip:mei@127.0.0.1:40003>;q=0.7\nExpires: 120\n", soft + " sip:mei@127.0.0.1:40003"},
		{"all go", "Contact: *\nExpires: 0\n", ""},
	} {
		if got := bound(s.registers(port, step.contacts, "mei")); got != step.want {
			t.Errorf("%s: bound are %q, want %q", step.name, got, step.want)
		}
	}
	if n := s.status().Bindings; n != 0 {
		t.Errorf("%d bindings are left", n)
	}
}

func TestWrongPasswordIsNotRegistered(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	p := s.sipp(scenario{file: "register-refused", args: []string{"-m", "1", "-auth_uri", "wayfare.example"}})
	p.succeed()
	if n := s.status().Bindings; n != 0 {
		t.Errorf("%d bindings after a wrong password", n)
	}
}
