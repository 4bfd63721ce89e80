package transport

import (
	"strings"
	"testing"
)

var inviteText = strings.ReplaceAll(`INVITE sip:700@example.org SIP/2.0
Via: SIP/2.0/UDP 192.0.2.10:5060;branch=z9hG4bK776asdhds;rport
Max-Forwards: 70
To: <sip:700@example.org>
From: "Mei Lin" <sip:mei@example.org>;tag=1928301774
Call-ID: a84b4c76e66710@pc33.example.org
CSeq: 314159 INVITE
Contact: <sip:mei@192.0.2.10:5060;transport=udp>
User-Agent: softphone 1.2
Allow: INVITE, ACK, CANCEL, BYE, OPTIONS, INFO
Supported: timer
Content-Type: application/sdp
Content-Length: 248

v=0
o=mei 2890844526 2890844526 IN IP4 192.0.2.10
s=-
c=IN IP4 192.0.2.10
t=0 0
m=audio 49170 RTP/AVP 111 0 8 101
a=rtpmap:111 opus/48000/2
a=fmtp:111 useinbandfec=1
a=rtpmap:0 PCMU/8000
a=rtpmap:8 PCMA/8000
a=rtpmap:101 telephone-event/8000
a=sendrecv
`, "\n", "\r\n")

func BenchmarkParseInvite(b *testing.B) {
	b.ReportAllocs()
	b.SetBytes(int64(len(inviteText)))
	lim := Limits{}.withDefaults()
	var buf []field
	for b.Loop() {
		p := parse(inviteText, lim, buf)
		if p.fault != nil {
			b.Fatal(p.fault)
		}
		buf = p.scanned.fields
	}
}

func BenchmarkMarshalInvite(b *testing.B) {
	m, err := Parse(inviteText)
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Marshal(m); err != nil {
			b.Fatal(err)
		}
	}
}
