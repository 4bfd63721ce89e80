package call

import (
	"strings"

	sipmsg "github.com/emiago/sipgo/sip"

	"ringway/dialplan"
	"ringway/store"
)

// firstRow is the CDR as it begins; sipID is the Call-ID of the caller's INVITE.
func (c *Call) firstRow(sipID string) store.Call {
	row := store.Call{ID: c.id, Parent: c.parent, Node: c.m.o.Node, Kind: c.caller.Kind, SIPID: sipID,
		CallerName: c.info.CallerName, CallerNumber: c.info.CallerNumber, Customer: c.caller.Claims.Customer,
		Booking: c.caller.Claims.Booking, Language: c.caller.Claims.Language, Region: c.caller.Claims.Region,
		Zone: c.caller.Claims.Zone, Account: c.caller.Account, Trunk: c.caller.Trunk, Agent: c.caller.Agent, Context: c.caller.Context,
		Dialled: c.info.Dialled, Start: c.now()}
	if c.m.o.Version != nil {
		row.PlanVersion = c.m.o.Version()
	}
	return row
}

// infoOf is the call as its script sees it. The strings outlive the datagram they came in, so they are copied.
func infoOf(id string, req *sipmsg.Request, caller Caller) dialplan.Info {
	exten := caller.Exten
	if exten == "" {
		exten = unescape(req.Recipient.User)
	}
	return dialplan.Info{Call: id, Kind: caller.Kind, CallerNumber: strings.Clone(caller.Number),
		CallerName: strings.Clone(caller.Name), Dialled: strings.Clone(exten), Context: caller.Context, Account: caller.Account,
		Trunk: caller.Trunk, Claims: caller.Claims, ByTransfer: caller.ByTransfer}
}

// unescape undoes %XX in a user part, but keeps control characters escaped: a dialled string is compared, never cut.
func unescape(s string) string {
	if !strings.Contains(s, "%") {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		if s[i] == '%' && i+2 < len(s) {
			if hi, lo := hex(s[i+1]), hex(s[i+2]); hi >= 0 && lo >= 0 && hi<<4|lo >= 0x20 && hi<<4|lo != 0x7f {
				b.WriteByte(byte(hi<<4 | lo))
				i += 2
				continue
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

func hex(c byte) int {
	switch {
	case c >= '0' && c <= '9':
		return int(c - '0')
	case c >= 'a' && c <= 'f':
		return int(c-'a') + 10
	case c >= 'A' && c <= 'F':
		return int(c-'A') + 10
	}
	return -1
}
