package edge

import (
	"strings"

	sipmsg "github.com/emiago/sipgo/sip"

	"ringway/sip/location"
	"ringway/sip/proxy"
)

// Domain is the canonical domain of a host; false for one that is not ours.
func (e *Edge) Domain(host string) (string, bool) {
	rules := e.rules.Load()
	return location.CanonicalHost(rules.Realm), rules.Ours(host)
}

// Known tells whether an address of record exists, registered or not.
func (e *Edge) Known(aor string) bool {
	user, _, _ := strings.Cut(strings.TrimPrefix(aor, "sip:"), "@")
	return e.rules.Load().Known(user)
}

// Permits lets phones of the house write to each other; an app caller reaches nobody but by a call.
func (e *Edge) Permits(from proxy.Sender, _ sipmsg.RequestMethod, _ string) bool {
	return from.Account != ""
}
