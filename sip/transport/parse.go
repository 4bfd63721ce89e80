package transport

import (
	"strings"

	sipmsg "github.com/emiago/sipgo/sip"
)

// We fill sipgo's message model with a parser of our own, in one pass over the text of which all values are substrings:
// sipgo's parser refuses valid messages (RFC 4475 wsinv), misreads quoted parameters, takes bare CRs, sees only the last
// Contact, and would have to be run after a normalising and before a validating pass.

// Fault is why a message was refused, and what to answer.
type Fault struct {
	Status int    // 0: nothing may leave (responses, ACK, no usable Via, not SIP at all)
	Reason string // of the status line
	Why    string // for the log and the Warning header; no user input in it
	Again  int    // when the client may try again, in seconds (Retry-After); 0: not told
}

func (f *Fault) Error() string { return f.Why }

func badRequest(why string) *Fault { return &Fault{Status: 400, Reason: "Bad Request", Why: why} }

// parsed is a message with what is needed to refuse it.
type parsed struct {
	msg     sipmsg.Message
	scanned scanned
	fault   *Fault
}

// Parse reads and validates one message, as if it had come in a datagram: octets after Content-Length are ignored. The error is a
// *Fault. The strings of the message share text.
func Parse(text string) (sipmsg.Message, error) {
	p := parse(text, Limits{}.withDefaults(), nil)
	if p.fault != nil {
		return nil, p.fault
	}
	return p.msg, nil
}

// parse reads one message. A message with a fault is nil.
func parse(text string, lim Limits, buf []field) parsed {
	p := parsed{scanned: scan(text, lim, buf)}
	if strings.HasPrefix(p.scanned.start, "SIP/") {
		p.msg, p.fault = parseResponse(&p.scanned)
	} else {
		p.msg, p.fault = parseRequest(&p.scanned)
	}
	if p.fault != nil {
		p.msg = nil
	}
	return p
}

// parseRequest reads METHOD SP Request-URI SP SIP/2.0, exactly two spaces. An ACK is never answered, however wrong.
func parseRequest(s *scanned) (sipmsg.Message, *Fault) {
	method, rest, _ := strings.Cut(s.start, " ")
	if !isToken(method) || !strings.Contains(rest, "SIP/") {
		return nil, &Fault{Why: "not SIP"}
	}
	req, fault := readRequest(s, method, rest)
	if fault != nil {
		if method == "ACK" {
			fault.Status = 0
		}
		return nil, fault
	}
	return req, nil
}

func readRequest(s *scanned, method, rest string) (*sipmsg.Request, *Fault) {
	last := strings.LastIndexByte(rest, ' ')
	if f := requestLine(s, rest, last); f != nil {
		return nil, f
	}
	uri, err := ParseURI(rest[:last])
	if err != nil {
		return nil, badRequest("Request-URI: " + err.Error())
	}
	req := sipmsg.NewRequest(sipmsg.RequestMethod(method), sipmsg.Uri{})
	req.Recipient = uri
	if f := fill(req, s); f != nil {
		return nil, f
	}
	return req, checkRequest(req)
}

// requestLine checks all of the start line but the grammar of the URI.
func requestLine(s *scanned, rest string, last int) *Fault {
	if last < 0 {
		return badRequest("request line")
	}
	if v := rest[last+1:]; !strings.EqualFold(v, "SIP/2.0") {
		if strings.HasPrefix(v, "SIP/") && s.why == "" {
			return &Fault{Status: 505, Reason: "Version Not Supported", Why: "SIP version"}
		}
		return badRequest("request line")
	}
	if s.why != "" {
		return badRequest(s.why)
	}
	if strings.IndexByte(rest[:last], ' ') >= 0 || rest[:last] == "" {
		return badRequest("spaces in request line")
	}
	return nil
}

// parseResponse reads SIP/2.0 SP 3DIGIT SP Reason. A faulty response is dropped without a word.
func parseResponse(s *scanned) (sipmsg.Message, *Fault) {
	version, rest, _ := strings.Cut(s.start, " ")
	code, reason, _ := strings.Cut(rest, " ")
	status, err := number(code, 699)
	if err != nil || len(code) != 3 || status < 100 || !strings.EqualFold(version, "SIP/2.0") {
		return nil, &Fault{Why: "status line"}
	}
	if s.why != "" {
		return nil, &Fault{Why: s.why}
	}
	res := sipmsg.NewResponse(int(status), reason)
	if f := fill(res, s); f != nil {
		return nil, &Fault{Why: f.Why}
	}
	if why := missing(res); why != "" {
		return nil, &Fault{Why: why}
	}
	return res, nil
}

// fill turns the fields into sipgo's headers and cuts the body to Content-Length.
func fill(msg sipmsg.Message, s *scanned) *Fault {
	var seen [nameExpires + 1]bool
	length := -1
	k := &kit{}
	for i := range s.fields {
		f := &s.fields[i]
		if f.name.single() && seen[f.name] {
			return badRequest("more than one " + f.text)
		}
		seen[f.name] = true
		if f.name == nameContentLength {
			n, err := number(f.value, 1<<31-1)
			if err != nil {
				return badRequest("Content-Length: " + err.Error())
			}
			length = int(n)
		}
		if err := addHeader(msg, f, k); err != nil {
			return badRequest(f.text + ": " + err.Error())
		}
	}
	if seen[nameContact] {
		pinFirstContact(msg)
	}
	switch {
	case length < 0:
		length = len(s.body) // RFC 3261 §18.3: without Content-Length the body ends with the datagram
	case length > len(s.body):
		return badRequest("body shorter than Content-Length")
	}
	if length > 0 {
		msg.SetBody([]byte(s.body[:length]))
	}
	return nil
}

// headerList is the part of sipgo's header list that is not in sipmsg.Message.
type headerList interface {
	Headers() []sipmsg.Header
	ReplaceHeader(sipmsg.Header)
}

// pinFirstContact makes Contact() return the first of several; sipgo's shortcut keeps the last that was appended.
func pinFirstContact(msg sipmsg.Message) {
	list, ok := msg.(headerList)
	if !ok {
		return
	}
	var first *sipmsg.ContactHeader
	for _, h := range list.Headers() {
		c, ok := h.(*sipmsg.ContactHeader)
		switch {
		case !ok:
		case first == nil:
			first = c
		default:
			list.ReplaceHeader(first)
			return
		}
	}
}
