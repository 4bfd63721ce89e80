package leg

import (
	"strings"

	sipmsg "github.com/emiago/sipgo/sip"
)

// dialog is the state that RFC 3261 §12 calls a dialog: who talks to whom, over which route, and the next CSeq.
type dialog struct {
	callID      string
	local       sipmsg.FromHeader // our name-addr with our tag
	remote      sipmsg.ToHeader   // theirs with theirs, once known
	localSeq    uint32            // last CSeq that we used
	remoteSeq   uint32            // last CSeq that they used, valid when seen
	seen        bool
	target      sipmsg.Uri   // remote target: their Contact
	routes      []sipmsg.Uri // route set, topmost first
	inviteSeq   uint32       // CSeq of our last INVITE
	maxForwards uint8
}

// remoteTag is the far end's tag; RFC 2543 systems have none.
func (d *dialog) remoteTag() string { return d.remote.Params.GetOr("tag", "") }

func (d *dialog) setRemoteTag(tag string) {
	d.remote.Params = d.remote.Params.Clone()
	d.remote.Params.Remove("tag")
	if tag != "" {
		d.remote.Params.Add("tag", strings.Clone(tag))
	}
}

// accept checks the order of a request inside the dialog (§12.2.2): a CSeq that does not rise is out of order.
func (d *dialog) inOrder(seq uint32) bool {
	if d.seen && seq <= d.remoteSeq {
		return false
	}
	d.remoteSeq, d.seen = seq, true
	return true
}

// request builds the next request of the dialog; ACK takes the number of its INVITE (§12.2.1.1, §13.2.2.4).
func (d *dialog) request(method sipmsg.RequestMethod) *sipmsg.Request {
	seq := d.inviteSeq
	if method != sipmsg.ACK {
		d.localSeq++
		seq = d.localSeq
		if method == sipmsg.INVITE {
			d.inviteSeq = seq
		}
	}
	return d.build(method, seq)
}

func (d *dialog) build(method sipmsg.RequestMethod, seq uint32) *sipmsg.Request {
	uri, routes := d.target, d.routes
	if len(routes) > 0 && !looseRouter(routes[0]) { // a strict router: it becomes the Request-URI (§12.2.1.1)
		uri = *routes[0].Clone()
		uri.Headers = nil
		routes = append(append([]sipmsg.Uri(nil), routes[1:]...), d.target)
	}
	req := sipmsg.NewRequest(method, uri)
	req.SetBody(nil) // first: the library looks through all headers for a Content-Length
	for _, r := range routes {
		req.AppendHeader(&sipmsg.RouteHeader{Address: r})
	}
	from, to, id := d.local, d.remote, sipmsg.CallIDHeader(d.callID)
	forwards := sipmsg.MaxForwardsHeader(70)
	if method == sipmsg.INVITE && d.maxForwards > 0 {
		forwards = sipmsg.MaxForwardsHeader(d.maxForwards)
	}
	req.AppendHeader(&from)
	req.AppendHeader(&to)
	req.AppendHeader(&id)
	req.AppendHeader(&sipmsg.CSeqHeader{SeqNo: seq, MethodName: method})
	req.AppendHeader(&forwards)
	return req
}

// looseRouter tells whether a route has the lr parameter (§16.12).
func looseRouter(u sipmsg.Uri) bool {
	for _, p := range u.UriParams {
		if strings.EqualFold(p.K, "lr") {
			return true
		}
	}
	return false
}

// recordRoutes lists the Record-Route values of a message in order.
func recordRoutes(msg Message) []sipmsg.Uri {
	var out []sipmsg.Uri
	for h := range Headers(msg, "Record-Route") {
		if r, ok := h.(*sipmsg.RecordRouteHeader); ok {
			out = append(out, own(&r.Address))
		}
	}
	return out
}

// refreshTarget takes over the Contact of a message (§12.2: INVITE and its 2xx refresh the remote target).
func (d *dialog) refreshTarget(c *sipmsg.ContactHeader) {
	if c != nil && !c.Address.Wildcard && c.Address.Host != "" {
		d.target = own(&c.Address)
		d.target.Headers = nil // embedded headers are never applied (RFC 4475 §3.3.14)
	}
}

// fromCaller fills the dialog from the INVITE that makes it.
func (d *dialog) fromCaller(req *sipmsg.Request, tag string) {
	d.callID = string(*req.CallID())
	d.remote = req.From().AsTo()
	d.local = sipmsg.FromHeader{DisplayName: req.To().DisplayName, Address: *req.To().Address.Clone()}
	d.own()
	d.local.Params.Add("tag", tag)
	d.routes = recordRoutes(req)
	d.target = own(&req.From().Address)
	d.refreshTarget(req.Contact())
	d.inOrder(req.CSeq().SeqNo)
}

// fromCallee fills in what a provisional or final response says: tag, route set (reversed, §12.1.2) and target.
func (d *dialog) fromCallee(res *sipmsg.Response) {
	d.setRemoteTag(toTag(res))
	if rr := recordRoutes(res); len(rr) > 0 {
		d.routes = d.routes[:0:0]
		for i := len(rr) - 1; i >= 0; i-- {
			d.routes = append(d.routes, rr[i])
		}
	} else {
		d.routes = nil
	}
	d.refreshTarget(res.Contact())
}

func toTag(m sipmsg.Message) string {
	if m.To() == nil {
		return ""
	}
	return m.To().Params.GetOr("tag", "")
}

func fromTag(m sipmsg.Message) string {
	if m.From() == nil {
		return ""
	}
	return m.From().Params.GetOr("tag", "")
}
