package transport

import (
	"errors"
	"strings"

	sipmsg "github.com/emiago/sipgo/sip"
)

// addHeader parses one field into sipgo's header types and appends it; lists separated by commas become several headers.
func addHeader(msg sipmsg.Message, f *field) error {
	switch f.name {
	case nameVia:
		return addVias(msg, f.value)
	case nameContact, nameRoute, nameRecordRoute, nameFrom, nameTo:
		return addAddresses(msg, f)
	case nameCallID:
		if f.value == "" || strings.ContainsAny(f.value, " \t,;") {
			return errors.New("not a word")
		}
		h := sipmsg.CallIDHeader(f.value)
		msg.AppendHeader(&h)
	case nameCSeq:
		h, err := parseCSeq(f.value)
		if err != nil {
			return err
		}
		msg.AppendHeader(h)
	case nameMaxForwards:
		n, err := number(f.value, 255)
		if err != nil {
			return err
		}
		h := sipmsg.MaxForwardsHeader(n)
		msg.AppendHeader(&h)
	case nameContentLength:
		n, err := number(f.value, 1<<31-1)
		if err != nil {
			return err
		}
		h := sipmsg.ContentLengthHeader(n)
		msg.AppendHeader(&h)
	case nameContentType:
		if f.value == "" {
			return errors.New("empty")
		}
		h := sipmsg.ContentTypeHeader(f.value)
		msg.AppendHeader(&h)
	case nameExpires:
		if _, err := number(f.value, 1<<32-1); err != nil {
			return err
		}
		msg.AppendHeader(sipmsg.NewHeader(f.text, f.value))
	default:
		msg.AppendHeader(sipmsg.NewHeader(f.text, f.value))
	}
	return nil
}

func addVias(msg sipmsg.Message, value string) error {
	for more := true; more; {
		var v *sipmsg.ViaHeader
		var err error
		if v, value, more, err = parseVia(value); err != nil {
			return err
		}
		msg.AppendHeader(v)
	}
	return nil
}

func addAddresses(msg sipmsg.Message, f *field) error {
	if f.name == nameContact && f.value == "*" {
		msg.AppendHeader(&sipmsg.ContactHeader{Address: sipmsg.Uri{Wildcard: true, Host: "*"}})
		return nil
	}
	value := f.value
	for more := true; more; {
		var a address
		var err error
		if a, value, more, err = parseAddress(value); err != nil {
			return err
		}
		switch f.name {
		case nameContact:
			msg.AppendHeader(&sipmsg.ContactHeader{DisplayName: a.name, Address: a.uri, Params: a.params})
		case nameRoute:
			msg.AppendHeader(&sipmsg.RouteHeader{Address: a.uri})
		case nameRecordRoute:
			msg.AppendHeader(&sipmsg.RecordRouteHeader{Address: a.uri})
		case nameFrom, nameTo:
			if more {
				return errors.New("more than one address")
			}
			addParty(msg, f.name, a)
		}
	}
	return nil
}

func addParty(msg sipmsg.Message, name headerName, a address) {
	if name == nameFrom {
		msg.AppendHeader(&sipmsg.FromHeader{DisplayName: a.name, Address: a.uri, Params: a.params})
		return
	}
	msg.AppendHeader(&sipmsg.ToHeader{DisplayName: a.name, Address: a.uri, Params: a.params})
}

// parseCSeq reads 1*DIGIT LWS Method; the number is below 2^31 (RFC 3261 §8.1.1.5).
func parseCSeq(s string) (*sipmsg.CSeqHeader, error) {
	space := strings.IndexAny(s, " \t")
	if space < 0 {
		return nil, errors.New("number without method")
	}
	n, err := number(s[:space], 1<<31-1)
	if err != nil {
		return nil, err
	}
	method := trim(s[space:])
	if !isToken(method) {
		return nil, errors.New("method is not a token")
	}
	return &sipmsg.CSeqHeader{SeqNo: uint32(n), MethodName: sipmsg.RequestMethod(method)}, nil
}
