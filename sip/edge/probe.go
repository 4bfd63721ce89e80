package edge

import (
	"crypto/rand"
	"strings"
	"time"

	sipmsg "github.com/emiago/sipgo/sip"

	"ringway/sip/transaction"
	"ringway/sip/transport"
)

// Probe asks every contact of an account by OPTIONS whether it lives; alive is called once when the first answers, from
// another goroutine. A binding that was restored after a restart is such a question: its phone may be gone.
func (e *Edge) Probe(account string, now time.Time, alive func()) {
	contacts, _ := e.Contacts(account, now)
	told := make(chan struct{}, 1)
	for _, c := range contacts {
		if c.Flow.Conn != 0 || c.Flow.Reliable() {
			continue // the connection went with the last run: the phone has to come again
		}
		req := e.ping(c.URI, c.Flow)
		_, err := e.parts.Load().Table.Send(req, c.Flow, func(ev transaction.ClientEvent) {
			if ev.Kind != transaction.Response {
				return
			}
			select {
			case told <- struct{}{}:
				alive()
			default:
			}
		})
		if err != nil {
			e.o.Log.Debug("probe not sent", "aor", account, "err", err)
		}
	}
}

// ping is an OPTIONS outside any dialog (RFC 3261 §11.1).
func (e *Edge) ping(to sipmsg.Uri, f transport.Flow) *sipmsg.Request {
	us := e.parts.Load().Paths.Contact(f, "")
	us.UriParams = nil
	req := sipmsg.NewRequest(sipmsg.OPTIONS, to)
	from := &sipmsg.FromHeader{Address: us}
	from.Params.Add("tag", strings.ToLower(rand.Text()[:16]))
	id, forwards := sipmsg.CallIDHeader(strings.ToLower(rand.Text())), sipmsg.MaxForwardsHeader(70)
	for _, h := range []sipmsg.Header{from, &sipmsg.ToHeader{Address: to}, &id,
		&sipmsg.CSeqHeader{SeqNo: 1, MethodName: sipmsg.OPTIONS}, &forwards} {
		req.AppendHeader(h)
	}
	return req
}
