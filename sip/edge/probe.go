package edge

import (
	"context"
	"crypto/rand"
	"strings"
	"sync"
	"time"

	sipmsg "github.com/emiago/sipgo/sip"

	"ringway/sip/transaction"
	"ringway/sip/transport"
	"ringway/sip/trunk"
)

// hopTimeout bounds the opening of a stream to a carrier that is only being asked.
const hopTimeout = 2 * time.Second

// Probe asks one address of a carrier by OPTIONS: trunk.Prober. It waits for a stream to open, at most hopTimeout, on the
// goroutine that looks after trunks and does nothing else.
func (e *Edge) Probe(t *trunk.Trunk, h trunk.Hop, done func(answered bool)) {
	p := e.parts.Load()
	if p == nil {
		done(false)
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), hopTimeout)
	defer cancel()
	flow, err := p.Paths.Connect(ctx, h.Proto, h.Addr)
	if err == nil {
		_, err = p.Table.Send(e.ping(hostURI("", h.Addr), flow), flow, func(ev transaction.ClientEvent) {
			switch {
			case ev.Kind != transaction.Response:
				done(false)
			case ev.Response.StatusCode >= 200:
				done(true)
			}
		})
	}
	if err != nil {
		e.o.Log.Debug("carrier not asked", "trunk", t.Name, "err", err)
		done(false)
	}
}

// ProbeAccount asks every contact of an account by OPTIONS whether it lives; alive is called once when the first answers, from
// another goroutine. A binding that was restored after a restart is such a question: its phone may be gone.
func (e *Edge) ProbeAccount(account string, now time.Time, alive func()) {
	contacts, _ := e.Contacts(account, now)
	var once sync.Once
	for _, c := range contacts {
		if c.Flow.Conn != 0 || c.Flow.Reliable() {
			continue // the connection went with the last run: the phone has to come again
		}
		req := e.ping(c.URI, c.Flow)
		_, err := e.parts.Load().Table.Send(req, c.Flow, func(ev transaction.ClientEvent) {
			if ev.Kind == transaction.Response {
				once.Do(alive)
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
