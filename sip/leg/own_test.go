package leg

import (
	"strings"
	"testing"
	"unsafe"

	sipmsg "github.com/emiago/sipgo/sip"
)

// TestADialogHoldsNoMessage: no string that a dialog keeps points into the text of the INVITE that made it.
func TestADialogHoldsNoMessage(t *testing.T) {
	text := strings.Join([]string{"INVITE sip:100@example.org SIP/2.0", "Via: SIP/2.0/UDP 192.0.2.1;branch=z9hG4bKa",
		`From: "Ann Smith" <sip:ann@example.org;user=phone>;tag=one;x=y`, `To: "Bob" <sip:bob@example.org>`, "Call-ID: call@192.0.2.1",
		"CSeq: 1 INVITE", "Contact: <sip:ann@192.0.2.1:5070;transport=udp>", "Record-Route: <sip:proxy.example.org;lr>",
		"Max-Forwards: 70", "Content-Length: 0", "", ""}, "\r\n")
	msg, err := sipmsg.ParseMessage([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	req := msg.(*sipmsg.Request)
	var d dialog
	d.fromCaller(req, "ours")
	from := req.From()
	for _, pair := range [][2]string{
		{d.callID, string(*req.CallID())},
		{d.remote.DisplayName, from.DisplayName}, {d.remote.Address.User, from.Address.User}, {d.remote.Address.Host, from.Address.Host},
		{d.remoteTag(), fromTag(req)},
		{d.local.DisplayName, req.To().DisplayName}, {d.local.Address.User, req.To().Address.User},
		{d.target.Host, req.Contact().Address.Host}, {d.target.UriParams.GetOr("transport", ""), req.Contact().Address.UriParams.GetOr("transport", "")},
		{d.routes[0].Host, "proxy.example.org"},
	} {
		if pair[0] != pair[1] || pair[0] == "" {
			t.Errorf("kept %q of %q", pair[0], pair[1])
		}
		if unsafe.StringData(pair[0]) == unsafe.StringData(pair[1]) {
			t.Errorf("%q still stands in the message", pair[0])
		}
	}
}
