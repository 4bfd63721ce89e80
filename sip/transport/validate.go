package transport

import (
	sipmsg "github.com/emiago/sipgo/sip"
)

// What is checked after the grammar, before anything above sees a message (RFC 3261 §8.2, conformance §2):
//
//	Via, From, To, Call-ID, CSeq present             else 400 (a response: dropped)
//	CSeq method equals the method                    else 400
//	Request-URI: sip, sips or tel                    else 416
//	no headers in the Request-URI ("?Route=…")       else 400; they are never applied
//	a Contact that is "*" stands alone in REGISTER   else 400
//	expires parameters are numbers below 2^32        else 400

// missing names the first mandatory header that is absent, or returns "".
func missing(msg sipmsg.Message) string {
	switch {
	case msg.Via() == nil:
		return "no Via"
	case msg.From() == nil:
		return "no From"
	case msg.To() == nil:
		return "no To"
	case msg.CallID() == nil:
		return "no Call-ID"
	case msg.CSeq() == nil:
		return "no CSeq"
	}
	return ""
}

func checkRequest(req *sipmsg.Request) *Fault {
	if why := missing(req); why != "" {
		return badRequest(why)
	}
	if req.CSeq().MethodName != req.Method {
		return badRequest("CSeq method differs")
	}
	switch req.Recipient.Scheme {
	case "sip", "sips", "tel":
	default:
		return &Fault{Status: 416, Reason: "Unsupported URI Scheme", Why: "Request-URI scheme"}
	}
	if len(req.Recipient.Headers) > 0 {
		return badRequest("headers in Request-URI")
	}
	return checkContacts(req)
}

func checkContacts(req *sipmsg.Request) *Fault {
	count, wildcard := 0, false
	for _, h := range req.Headers() {
		c, ok := h.(*sipmsg.ContactHeader)
		if !ok {
			continue
		}
		count++
		wildcard = wildcard || c.Address.Wildcard
		if wildcard && (req.Method != sipmsg.REGISTER || count > 1) {
			return badRequest("Contact *")
		}
		if v, ok := c.Params.Get("expires"); ok {
			if _, err := number(v, 1<<32-1); err != nil {
				return badRequest("Contact expires")
			}
		}
	}
	return nil
}
