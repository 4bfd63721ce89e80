package transaction

import (
	sipmsg "github.com/emiago/sipgo/sip"

	"ringway/sip/transport"
)

// Table matches messages to transactions.
type Table struct{}

// New starts a table.
func New(o Options) *Table { return &Table{} }

// Receive takes one validated message: transport's Handler.
func (t *Table) Receive(msg sipmsg.Message, flow transport.Flow) {}

// Send starts a client transaction for any request but ACK. The table owns req from now on, and sets its top Via's branch.
func (t *Table) Send(req *sipmsg.Request, flow transport.Flow, notify func(ClientEvent)) (*Client, error) {
	return nil, ErrStopped
}

// SendAck sends the ACK to a 2xx, which belongs to no transaction, with a branch of its own.
func (t *Table) SendAck(ack *sipmsg.Request, flow transport.Flow) error { return ErrStopped }

// Closed ends the client transactions of a flow whose connection ended: transport's Options.Closed.
func (t *Table) Closed(flow transport.Flow, err error) {}

// Stats returns the counters since New.
func (t *Table) Stats() Stats { return Stats{} }

// Stop ends the timers; nothing is sent or told afterwards.
func (t *Table) Stop() {}

// Stats counts.
type Stats struct{}

// Server is a server transaction: one request that we answer.
type Server struct{}

// Request returns the request.
func (s *Server) Request() *sipmsg.Request { return nil }

// Flow returns the path of the request.
func (s *Server) Flow() transport.Flow { return transport.Flow{} }

// Notify sets who is told of CANCEL, ACK and the end. Call it inside Core.Request; fn only posts.
func (s *Server) Notify(fn func(ServerEvent)) {}

// Respond sends a response: provisionals, then one final; a 2xx to INVITE may be repeated by the caller until its ACK came.
func (s *Server) Respond(res *sipmsg.Response) error { return ErrStopped }

// Client is a client transaction: one request of ours.
type Client struct{}

// Request returns the request as sent.
func (c *Client) Request() *sipmsg.Request { return nil }

// Cancel cancels an INVITE: at once when a provisional response has come, else when it comes (RFC 3261 §9.1). reason is the
// value of a Reason header, or empty.
func (c *Client) Cancel(reason string) {}
