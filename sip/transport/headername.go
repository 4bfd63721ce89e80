package transport

import "strings"

// headerName is a header field that the parser itself understands; nameOther is any other.
type headerName uint8

const (
	nameOther headerName = iota
	nameVia
	nameFrom
	nameTo
	nameCallID
	nameCSeq
	nameContact
	nameRoute
	nameRecordRoute
	nameMaxForwards
	nameContentLength
	nameContentType
	nameExpires
)

// single says which of them may appear only once (RFC 4475 §3.3.8 and §3.3.9).
func (n headerName) single() bool {
	switch n {
	case nameFrom, nameTo, nameCallID, nameCSeq, nameMaxForwards, nameContentLength, nameContentType, nameExpires:
		return true
	}
	return false
}

type knownHeader struct {
	name headerName
	text string
}

// knownHeaders maps lower-case and compact spellings to one canonical spelling, so that removing a header by name can't
// miss it (RFC 3261 §7.3.3 and the compact forms registered since).
var knownHeaders = map[string]knownHeader{
	"via": {nameVia, "Via"}, "v": {nameVia, "Via"},
	"from": {nameFrom, "From"}, "f": {nameFrom, "From"},
	"to": {nameTo, "To"}, "t": {nameTo, "To"},
	"call-id": {nameCallID, "Call-ID"}, "i": {nameCallID, "Call-ID"},
	"cseq":    {nameCSeq, "CSeq"},
	"contact": {nameContact, "Contact"}, "m": {nameContact, "Contact"},
	"route":          {nameRoute, "Route"},
	"record-route":   {nameRecordRoute, "Record-Route"},
	"max-forwards":   {nameMaxForwards, "Max-Forwards"},
	"content-length": {nameContentLength, "Content-Length"}, "l": {nameContentLength, "Content-Length"},
	"content-type": {nameContentType, "Content-Type"}, "c": {nameContentType, "Content-Type"},
	"expires": {nameExpires, "Expires"},

	"a": {text: "Accept-Contact"}, "accept-contact": {text: "Accept-Contact"},
	"b": {text: "Referred-By"}, "referred-by": {text: "Referred-By"},
	"d": {text: "Request-Disposition"}, "request-disposition": {text: "Request-Disposition"},
	"e": {text: "Content-Encoding"}, "content-encoding": {text: "Content-Encoding"},
	"j": {text: "Reject-Contact"}, "reject-contact": {text: "Reject-Contact"},
	"k": {text: "Supported"}, "supported": {text: "Supported"},
	"n": {text: "Identity-Info"}, "identity-info": {text: "Identity-Info"},
	"o": {text: "Event"}, "event": {text: "Event"},
	"r": {text: "Refer-To"}, "refer-to": {text: "Refer-To"},
	"s": {text: "Subject"}, "subject": {text: "Subject"},
	"u": {text: "Allow-Events"}, "allow-events": {text: "Allow-Events"},
	"x": {text: "Session-Expires"}, "session-expires": {text: "Session-Expires"},
	"y": {text: "Identity"}, "identity": {text: "Identity"},

	"mime-version": {text: "MIME-Version"}, "www-authenticate": {text: "WWW-Authenticate"}, "min-se": {text: "Min-SE"},
	"rack": {text: "RAck"}, "rseq": {text: "RSeq"}, "sip-etag": {text: "SIP-ETag"}, "sip-if-match": {text: "SIP-If-Match"},
	"user-agent": {text: "User-Agent"}, "allow": {text: "Allow"}, "accept": {text: "Accept"},
	"authorization": {text: "Authorization"}, "proxy-authorization": {text: "Proxy-Authorization"}, "require": {text: "Require"},
	"reason": {text: "Reason"}, "server": {text: "Server"}, "warning": {text: "Warning"}, "timestamp": {text: "Timestamp"},
}

// lookUpHeader finds the canonical spelling of a name. Unknown names get capitals after each hyphen: "X-RINGWAY-claims"
// becomes "X-Ringway-Claims".
func lookUpHeader(name string) (headerName, string) {
	var buf [40]byte
	if len(name) > len(buf) {
		return nameOther, capitalised(name)
	}
	for i := 0; i < len(name); i++ {
		c := name[i]
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		buf[i] = c
	}
	if k, ok := knownHeaders[string(buf[:len(name)])]; ok {
		return k.name, k.text
	}
	return nameOther, capitalised(name)
}

// capitalised spells a name with capitals after hyphens, without allocating when it already is.
func capitalised(name string) string {
	upper := true
	for i := 0; i < len(name); i++ {
		c := name[i]
		if upper && 'a' <= c && c <= 'z' || !upper && 'A' <= c && c <= 'Z' {
			return capitalise(name)
		}
		upper = c == '-'
	}
	return name
}

func capitalise(name string) string {
	b := []byte(strings.ToLower(name))
	upper := true
	for i, c := range b {
		if upper && 'a' <= c && c <= 'z' {
			b[i] = c - ('a' - 'A')
		}
		upper = c == '-'
	}
	return string(b)
}
