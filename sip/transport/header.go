package transport

import (
	"errors"
	"strings"

	sipmsg "github.com/emiago/sipgo/sip"
)

// kit is the headers that nearly every message has, allocated at once: a third of the garbage of a message less.
type kit struct {
	via     sipmsg.ViaHeader
	from    sipmsg.FromHeader
	to      sipmsg.ToHeader
	contact sipmsg.ContactHeader
	callID  sipmsg.CallIDHeader
	cseq    sipmsg.CSeqHeader
	hops    sipmsg.MaxForwardsHeader
	length  sipmsg.ContentLengthHeader
	content sipmsg.ContentTypeHeader
	kv      [8]sipmsg.HeaderKV
	kvUsed  int
}

// params returns room for two parameters; appending more moves them elsewhere.
func (k *kit) params() sipmsg.HeaderParams {
	if k.kvUsed+2 > len(k.kv) {
		return make(sipmsg.HeaderParams, 0, 4)
	}
	k.kvUsed += 2
	return sipmsg.HeaderParams(k.kv[k.kvUsed-2 : k.kvUsed-2 : k.kvUsed])
}

// addHeader parses one field into sipgo's header types and appends it; lists separated by commas become several headers.
func addHeader(msg sipmsg.Message, f *field, k *kit) error {
	switch f.name {
	case nameVia:
		return addVias(msg, f.value, k)
	case nameContact, nameRoute, nameRecordRoute, nameFrom, nameTo:
		return addAddresses(msg, f, k)
	case nameCallID:
		if f.value == "" || strings.ContainsAny(f.value, " \t,;") {
			return errors.New("not a word")
		}
		k.callID = sipmsg.CallIDHeader(f.value)
		msg.AppendHeader(&k.callID)
	case nameCSeq:
		if err := parseCSeq(f.value, &k.cseq); err != nil {
			return err
		}
		msg.AppendHeader(&k.cseq)
	case nameMaxForwards:
		n, err := number(f.value, 255)
		if err != nil {
			return err
		}
		k.hops = sipmsg.MaxForwardsHeader(n)
		msg.AppendHeader(&k.hops)
	case nameContentLength:
		n, err := number(f.value, 1<<31-1)
		if err != nil {
			return err
		}
		k.length = sipmsg.ContentLengthHeader(n)
		msg.AppendHeader(&k.length)
	case nameContentType:
		if f.value == "" {
			return errors.New("empty")
		}
		k.content = sipmsg.ContentTypeHeader(f.value)
		msg.AppendHeader(&k.content)
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

func addVias(msg sipmsg.Message, value string, k *kit) error {
	for more := true; more; {
		v := &k.via
		if v.Host != "" {
			v = &sipmsg.ViaHeader{} // not the top one
		}
		var err error
		if value, more, err = parseVia(value, v, k); err != nil {
			return err
		}
		msg.AppendHeader(v)
	}
	return nil
}

func addAddresses(msg sipmsg.Message, f *field, k *kit) error {
	if f.name == nameContact && f.value == "*" {
		msg.AppendHeader(&sipmsg.ContactHeader{Address: sipmsg.Uri{Wildcard: true, Host: "*"}})
		return nil
	}
	value := f.value
	for more := true; more; {
		var a address
		var err error
		if a, value, more, err = parseAddress(value, k); err != nil {
			return err
		}
		switch f.name {
		case nameContact:
			c := &k.contact
			if c.Address.Scheme != "" {
				c = &sipmsg.ContactHeader{} // not the first
			}
			c.DisplayName, c.Address, c.Params = a.name, a.uri, a.params
			msg.AppendHeader(c)
		case nameRoute:
			msg.AppendHeader(&sipmsg.RouteHeader{Address: a.uri})
		case nameRecordRoute:
			msg.AppendHeader(&sipmsg.RecordRouteHeader{Address: a.uri})
		case nameFrom, nameTo:
			if more {
				return errors.New("more than one address")
			}
			addParty(msg, f.name, a, k)
		}
	}
	return nil
}

func addParty(msg sipmsg.Message, name headerName, a address, k *kit) {
	if name == nameFrom {
		k.from.DisplayName, k.from.Address, k.from.Params = a.name, a.uri, a.params
		msg.AppendHeader(&k.from)
		return
	}
	k.to.DisplayName, k.to.Address, k.to.Params = a.name, a.uri, a.params
	msg.AppendHeader(&k.to)
}

// parseCSeq reads 1*DIGIT LWS Method; the number is below 2^31 (RFC 3261 §8.1.1.5).
func parseCSeq(s string, into *sipmsg.CSeqHeader) error {
	space := strings.IndexAny(s, " \t")
	if space < 0 {
		return errors.New("number without method")
	}
	n, err := number(s[:space], 1<<31-1)
	if err != nil {
		return err
	}
	method := trim(s[space:])
	if !isToken(method) {
		return errors.New("method is not a token")
	}
	into.SeqNo, into.MethodName = uint32(n), sipmsg.RequestMethod(method)
	return nil
}
