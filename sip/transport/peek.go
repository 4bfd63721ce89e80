package transport

import "strings"

// peeked is what the reader of a socket looks at before a shard parses the message.
type peeked struct {
	callID string
	method string // "" for a response
	urgent bool   // belongs to a call that exists: response, ACK, BYE, CANCEL, or a To tag; never shed (RFC 7339 ideas)
}

// peek finds Call-ID, method and whether To has a tag, by one walk over the lines.
func peek(text string) peeked {
	var p peeked
	start, rest, _ := strings.Cut(text, "\n")
	if strings.HasPrefix(start, "SIP/") {
		p.urgent = true
	} else {
		p.method, _, _ = strings.Cut(start, " ")
		p.urgent = p.method == "ACK" || p.method == "BYE" || p.method == "CANCEL"
	}
	for toSeen := p.urgent; rest != "" && (p.callID == "" || !toSeen); {
		var line string
		line, rest, _ = strings.Cut(rest, "\n")
		if line == "" || line[0] == '\r' {
			break
		}
		switch line[0] | 0x20 {
		case 'c', 'i':
			if v, ok := headerValue(line, "call-id", "i"); ok && p.callID == "" {
				p.callID = v
			}
		case 't':
			if v, ok := headerValue(line, "to", "t"); ok {
				toSeen = true
				p.urgent = p.urgent || strings.Contains(v, ";tag")
			}
		}
	}
	return p
}

// headerValue returns the value of a header line when it has one of the two lower-case names.
func headerValue(line, long, compact string) (string, bool) {
	colon := strings.IndexByte(line, ':')
	if colon < 0 {
		return "", false
	}
	name := strings.TrimRight(line[:colon], " \t")
	if !strings.EqualFold(name, long) && !strings.EqualFold(name, compact) {
		return "", false
	}
	return strings.Trim(line[colon+1:], " \t\r"), true
}
