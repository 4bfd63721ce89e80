package transport

import (
	"io"
	"strings"
	"testing"

	sipmsg "github.com/emiago/sipgo/sip"
)

// What we write ourselves is what sipgo would have written.
func TestHeadersAreWrittenAsTheLibraryDoes(t *testing.T) {
	params := []sipmsg.HeaderParams{nil, {}, {{K: "tag", V: "1"}}, {{K: "lr"}, {K: "branch", V: "z9hG4bK1"}, {K: "x", V: "a b"}, {K: "y", V: "a\tb"}, {K: "q", V: `"quoted"`}}}
	var uris []sipmsg.Uri
	for _, s := range []string{"sip:example.org", "sips:mei:secret@192.0.2.1:5061;transport=tcp;lr", "sip:[2001:db8::1]:5060", "sip:a;b=c@example.org?Route=x&y=z",
		"tel:+4930123", "urn:service:sos", "sip:+1@[::ffff:192.0.2.1]"} {
		u, err := ParseURI(s)
		if err != nil {
			t.Fatal(s, err)
		}
		uris = append(uris, u)
	}
	uris = append(uris, sipmsg.Uri{Host: "example.org"}, sipmsg.Uri{Scheme: "sip", Host: "2001:db8::1", Port: 5060}, sipmsg.Uri{Scheme: "sip", User: "a", Host: "::ffff:192.0.2.1"},
		sipmsg.Uri{Scheme: "sip", Host: "*", Wildcard: true})
	var list []sipmsg.Header
	for _, p := range params {
		for _, u := range uris {
			for _, name := range []string{"", `Mei \"M\" Lin`} {
				list = append(list, &sipmsg.FromHeader{DisplayName: name, Address: u, Params: p}, &sipmsg.ToHeader{DisplayName: name, Address: u, Params: p},
					&sipmsg.ContactHeader{DisplayName: name, Address: u, Params: p})
			}
		}
		for _, host := range []string{"example.org", "192.0.2.1", "2001:db8::1", "[2001:db8::1]", "::ffff:192.0.2.1", "[::ffff:192.0.2.1]", "::", "a:b"} {
			for _, port := range []int{0, 5060} {
				list = append(list, &sipmsg.ViaHeader{ProtocolName: "SIP", ProtocolVersion: "2.0", Transport: "UDP", Host: host, Port: port, Params: p})
			}
		}
	}
	for _, h := range list {
		w := &buffer{}
		w.header(h)
		var want strings.Builder
		h.StringWrite(&want)
		if string(w.b) != want.String() {
			t.Errorf("%#v:\n got %s\nwant %s", h, w.b, want.String())
		}
	}
}

func TestStartLinesAreWrittenAsTheLibraryDoes(t *testing.T) {
	var list []interface {
		sipmsg.Message
		StartLineWrite(io.StringWriter)
	}
	for _, s := range []string{"sip:example.org", "sip:mei@192.0.2.1:5061;transport=tcp", "sip:[2001:db8::1]", "sip:a@example.org?Route=x", "tel:+4930123"} {
		u, err := ParseURI(s)
		if err != nil {
			t.Fatal(s, err)
		}
		list = append(list, sipmsg.NewRequest(sipmsg.INVITE, u))
	}
	list = append(list, sipmsg.NewResponse(200, "OK"), sipmsg.NewResponse(486, ""))
	for _, m := range list {
		var want strings.Builder
		m.StartLineWrite(&want)
		got, err := Marshal(m)
		if line, _, _ := strings.Cut(string(got), "\r\n"); err != nil || line != want.String() {
			t.Errorf("%q, want %q (%v)", line, want.String(), err)
		}
	}
}
