package transport

import (
	"context"
	"net/netip"

	sipmsg "github.com/emiago/sipgo/sip"
)

// Layer owns the sockets, the connections and the shards.
type Layer struct{}

// Open binds every listener and starts reading. On an error nothing stays open.
func Open(o Options) (*Layer, error) { return nil, ErrStopped }

// Addrs returns the bound listeners with their real ports, in the order of Options.Listen.
func (l *Layer) Addrs() []Listener { return nil }

// Send serialises and sends one message. A response goes to where RFC 3261 §18.2.2 and RFC 3581 want it.
func (l *Layer) Send(f Flow, msg sipmsg.Message) error { return ErrStopped }

// Write sends serialised bytes to f.Remote (see Marshal and ReplyFlow). The slice is not kept.
func (l *Layer) Write(f Flow, b []byte) error { return ErrStopped }

// Connect returns a flow to the address: a UDP listener of its family, or a connection that we opened.
func (l *Layer) Connect(ctx context.Context, p Proto, to netip.AddrPort) (Flow, error) {
	return Flow{}, ErrStopped
}

// Via returns a Via for a request sent on f, without branch, with rport.
func (l *Layer) Via(f Flow) *sipmsg.ViaHeader { return nil }

// Contact returns the URI under which the far side of f reaches us.
func (l *Layer) Contact(f Flow, user string) sipmsg.Uri { return sipmsg.Uri{} }

// Shown returns the address that we show to the far side of f: the socket's own, or the advertised one.
func (l *Layer) Shown(f Flow) netip.AddrPort { return netip.AddrPort{} }

// Stats returns the counters since Open.
func (l *Layer) Stats() Stats { return Stats{} }

// Stop closes all sockets and waits for every goroutine of the layer.
func (l *Layer) Stop() {}

// Stats counts.
type Stats struct{}

// Addresses decide which address Via, Contact and SDP show.
type Addresses struct {
	Advertised netip.Addr     // shown to the outside; invalid: the socket's own address everywhere
	LocalNets  []netip.Prefix // destinations that see the socket's own address
}

// NewResponse answers a request: Via, From, To (with a tag, stable over retransmissions, unless 100), Call-ID, CSeq and Record-Route are copied.
func NewResponse(req *sipmsg.Request, status int, reason string) *sipmsg.Response { return nil }
