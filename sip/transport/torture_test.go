package transport

import (
	"errors"
	"testing"
)

func TestParseSmoke(t *testing.T) {
	m, err := Parse("OPTIONS sip:a@example.org SIP/2.0\r\nVia: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bK1;rport\r\nFrom: \"A b\" <sip:a@example.org>;tag=1\r\nTo: <sip:b@[::1]:5070>\r\nCall-ID: x\r\nCSeq: 1 OPTIONS\r\nContact: <sip:a@x>;expires=3, <sip:b@x>\r\nContent-Length: 0\r\n\r\n")
	var f *Fault
	if errors.As(err, &f) {
		t.Fatal(f.Why)
	}
	b, err := Marshal(m)
	t.Log(string(b), err)
}
