package leg

import (
	sipmsg "github.com/emiago/sipgo/sip"
)

// Allow lists the methods that a dialog of ours really serves: PRACK, UPDATE and REFER are not among them yet.
const Allow = "INVITE, ACK, CANCEL, BYE, OPTIONS, INFO"

// reasons are the phrases of the statuses that the switch sends.
var reasons = map[int]string{100: "Trying", 180: "Ringing", 181: "Call Is Being Forwarded", 183: "Session Progress", 200: "OK",
	302: "Moved Temporarily", 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed",
	408: "Request Timeout", 410: "Gone", 415: "Unsupported Media Type", 416: "Unsupported URI Scheme", 420: "Bad Extension",
	480: "Temporarily Unavailable", 481: "Call/Transaction Does Not Exist", 482: "Loop Detected", 483: "Too Many Hops",
	484: "Address Incomplete", 486: "Busy Here", 487: "Request Terminated", 488: "Not Acceptable Here", 491: "Request Pending",
	500: "Server Internal Error", 501: "Not Implemented", 502: "Bad Gateway", 503: "Service Unavailable", 504: "Server Time-out",
	600: "Busy Everywhere", 603: "Decline", 604: "Does Not Exist Anywhere", 606: "Not Acceptable"}

// Phrase is the reason phrase of a status.
func Phrase(status int) string {
	if p, ok := reasons[status]; ok {
		return p
	}
	return "Status"
}

// NewResponse builds a response to req (RFC 3261 §8.2.6): Via, From, To, Call-ID and CSeq of the request, Record-Route where a
// dialog is made, and tag in To where the request had none. It shares header values with req and must not outlive changes to it.
func NewResponse(req *sipmsg.Request, status int, tag string) *sipmsg.Response {
	res := sipmsg.NewResponse(status, Phrase(status))
	res.SetBody(nil) // first: the library looks through all headers for a Content-Length
	for h := range Headers(req, "Via") {
		res.AppendHeader(h)
	}
	if req.Method == sipmsg.INVITE && status > 100 && status < 300 {
		for h := range Headers(req, "Record-Route") {
			res.AppendHeader(h)
		}
	}
	res.AppendHeader(req.From())
	to := *req.To()
	if tag != "" && status > 100 && !to.Params.Has("tag") {
		to.Params = to.Params.Clone()
		to.Params.Add("tag", tag)
	}
	res.AppendHeader(&to)
	res.AppendHeader(req.CallID())
	res.AppendHeader(req.CSeq())
	res.SetTransport(req.Transport())
	return res
}

// reply answers a request of the dialog.
func (l *Leg) reply(r Request, status int, headers ...sipmsg.Header) {
	res := NewResponse(r.Req, status, l.o.Tag)
	l.dress(res, r.Req.Method, headers)
	l.emit(Respond{Tx: r.Tx, Res: res})
}

// replyBody answers with a session description.
func (l *Leg) replyBody(r Request, status int, body []byte) *sipmsg.Response {
	res := NewResponse(r.Req, status, l.o.Tag)
	l.dress(res, r.Req.Method, nil)
	t := sipmsg.ContentTypeHeader(contentSDP)
	res.AppendHeader(&t)
	res.SetBody(body)
	l.emit(Respond{Tx: r.Tx, Res: res})
	return res
}

// dress adds what every response of ours has: Contact where it makes or refreshes a dialog, Allow where the RFC wants it.
func (l *Leg) dress(res *sipmsg.Response, method sipmsg.RequestMethod, headers []sipmsg.Header) {
	if method == sipmsg.INVITE && res.StatusCode > 100 && res.StatusCode < 300 {
		res.AppendHeader(&sipmsg.ContactHeader{Address: l.o.Contact})
	}
	switch {
	case res.StatusCode == 405, res.StatusCode == 501, res.StatusCode == 200 && method != sipmsg.BYE && method != sipmsg.INFO:
		res.AppendHeader(sipmsg.NewHeader("Allow", Allow))
	}
	if l.o.Agent != "" {
		res.AppendHeader(sipmsg.NewHeader("Server", l.o.Agent))
	}
	for _, h := range headers {
		res.AppendHeader(h)
	}
}
