//go:build real

package main

import (
	"fmt"
	"regexp"
	"strings"
	"testing"
)

const goodOffer = "v=0\no=sipp 1 1 IN IP4 [local_ip]\ns=-\nc=IN IP4 [media_ip]\nt=0 0\nm=audio [media_port] RTP/AVP 0\n"

func TestRefusals(t *testing.T) {
	t.Parallel()
	s := startSite(t)
	for _, c := range []struct {
		name, number string
		status       int
		sdp          string
		header       string // of the refusal
	}{
		{"a port that is no number", "menu", 488, strings.Replace(goodOffer, "[media_port]", "many", 1), `Warning: 3\d\d \S+ ".*line 6.*"`},
		{"a cut address", "menu", 488, strings.Replace(goodOffer, "c=IN IP4 [media_ip]", "c=IN IP4", 1), `Warning: 3\d\d \S+ ".*line 4.*"`},
		{"no codec in common", "menu", 488, strings.Replace(goodOffer, "RTP/AVP 0", "RTP/AVP 3 4", 1), `Warning: 305 \S+ "`},
		{"an extension that is none", "nowhere", 404, goodOffer, ""},
	} {
		p := s.call("customer-refused", c.number, "{{status}}", fmt.Sprint(c.status), "{{sdp}}", c.sdp)
		p.succeed()
		if got := p.messages(); c.header != "" && !regexp.MustCompile(c.header).MatchString(got) {
			t.Errorf("%s: no %s in\n%s", c.name, c.header, p.tail())
		}
	}
	p := s.sipp(scenario{file: "phone-refused", words: []string{"{{status}}", "403"},
		args: []string{"-m", "1", "-s", "201", "-auth_uri", "201@wayfare.example"}})
	p.succeed()
	s.idle()
	s.written()
	want := "bad_offer 488, bad_offer 488, no_codec 488, unallocated 404, forbidden 403"
	if got := s.column("SELECT cause || ' ' || status FROM calls ORDER BY started"); got != want {
		t.Errorf("on record: %s\nwant      %s", got, want)
	}
}
