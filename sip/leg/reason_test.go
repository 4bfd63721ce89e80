package leg

import (
	"strings"
	"testing"

	sipmsg "github.com/emiago/sipgo/sip"
)

func TestReason(t *testing.T) {
	for _, c := range []struct {
		value        string
		status, q850 int
		text         string
	}{
		{`Q.850;cause=16;text="Terminated"`, 0, 16, "Terminated"},
		{`SIP ;cause=200 ;text="Call completed elsewhere"`, 200, 0, "Call completed elsewhere"},
		{`Q.850;cause=17;text="busy; really, yes", SIP;cause=486`, 486, 17, "busy; really, yes"},
		{`Preemption;cause=1;text="x"`, 0, 0, ""},
		{`Q.850;cause=99999999999`, 0, 0, ""},
		{`;;,,"`, 0, 0, ""},
		{``, 0, 0, ""},
	} {
		if s, q, text := ParseReason(c.value); s != c.status || q != c.q850 || text != c.text {
			t.Errorf("%q: %d %d %q", c.value, s, q, text)
		}
	}
	if got := FormatReason(Cause{Status: 480, Q850: 19, Text: "no \"answer\"\r\nX: y"}); got != `Q.850;cause=19;text="no 'answer'  X: y"` {
		t.Error(got)
	}
}

// All Reason headers of a message count, and what goes on to another leg is short and printable.
func TestReasonThatGoesOn(t *testing.T) {
	m := sipmsg.NewRequest(sipmsg.BYE, sipmsg.Uri{})
	m.AppendHeader(sipmsg.NewHeader("Reason", "SIP;cause=200"))
	m.AppendHeader(sipmsg.NewHeader("Reason", "Q.850;cause=26;text=\"\x01"+strings.Repeat("字", 100)+"\""))
	if s, q, text := ParseReason(ReasonOf(m)); s != 200 || q != 26 || len(text) > maxReason || strings.Trim(text, "字") != "" || text == "" {
		t.Errorf("%d %d %q", s, q, text)
	}
}

func FuzzReason(f *testing.F) {
	f.Add(`Q.850;cause=16;text="Terminated", SIP;cause=200`)
	f.Fuzz(func(t *testing.T, value string) { ParseReason(value) })
}
