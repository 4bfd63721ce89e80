package transport

import (
	"errors"
	"strings"

	sipmsg "github.com/emiago/sipgo/sip"
)

// An address in From, To, Contact, Route and Record-Route, RFC 3261 §20.10:
//
//	"Mei \"M\" Lin" <sip:mei@example.org;transport=tcp> ;tag=1928 ;q = 0.7 , next
//	╰ quoted name ╯ ╰──── URI, with its parameters ───╯ ╰ header parameters
//	Mei Lin <sip:mei@example.org>
//	sip:mei@example.org;tag=1928        without brackets every parameter is the header's

// address is one value of such a header.
type address struct {
	name   string // without quotes, escapes kept: sipgo writes the quotes around it again
	uri    sipmsg.Uri
	params sipmsg.HeaderParams
}

// parseAddress reads one address and returns what follows its comma, "" at the end. more says that a comma was there.
func parseAddress(s string, k *kit) (a address, rest string, more bool, err error) {
	s = trim(s)
	if strings.HasPrefix(s, `"`) {
		end := quotedEnd(s)
		if end < 0 {
			return a, "", false, errors.New("unbalanced quote")
		}
		a.name = s[1:end]
		s = trim(s[end+1:])
		if !strings.HasPrefix(s, "<") {
			return a, "", false, errors.New("no address after the quoted name")
		}
	} else if i := strings.IndexAny(s, "<;,\""); i > 0 && s[i] == '<' {
		a.name = trim(s[:i])
		if strings.Contains(a.name, `\`) {
			return a, "", false, errors.New("backslash outside quotes")
		}
		s = s[i:]
	}
	var uri string
	if strings.HasPrefix(s, "<") {
		end := strings.IndexByte(s, '>')
		if end < 0 {
			return a, "", false, errors.New("address without closing bracket")
		}
		uri, s = s[1:end], trim(s[end+1:])
	} else {
		end := strings.IndexAny(s, ";,")
		if end < 0 {
			end = len(s)
		}
		uri, s = trim(s[:end]), s[end:]
		if strings.IndexByte(uri, '?') >= 0 {
			return a, "", false, errors.New("? in an address without brackets")
		}
	}
	if a.uri, err = ParseURI(uri); err != nil {
		return a, "", false, err
	}
	rest, more, err = parseParams(s, &a.params, k)
	return a, rest, more, err
}

// parseParams reads *( ";" name [ "=" value ] ), white space allowed everywhere, up to a comma or the end. Names are lowered.
func parseParams(s string, into *sipmsg.HeaderParams, k *kit) (rest string, more bool, err error) {
	for s = trimLeft(s); s != ""; s = trimLeft(s) {
		if s[0] == ',' {
			return s[1:], true, nil
		}
		if s[0] != ';' {
			return "", false, errors.New("unexpected characters after address")
		}
		s = trimLeft(s[1:])
		end := 0
		for end < len(s) && tokenChars[s[end]] {
			end++
		}
		if end == 0 {
			return "", false, errors.New("empty parameter")
		}
		kv := sipmsg.HeaderKV{K: lower(s[:end])}
		s = trimLeft(s[end:])
		if s != "" && s[0] == '=' {
			if kv.V, s, err = paramValue(trimLeft(s[1:])); err != nil {
				return "", false, err
			}
		}
		if into.Has(kv.K) {
			return "", false, errors.New("repeated parameter")
		}
		if *into == nil {
			*into = k.params()
		}
		*into = append(*into, kv)
	}
	return "", false, nil
}

// paramValue reads a token, a host or a quoted string. Quotes are kept, unless the value holds white space: then sipgo's
// writer adds them itself.
func paramValue(s string) (value, rest string, err error) {
	if strings.HasPrefix(s, `"`) {
		end := quotedEnd(s)
		if end < 0 {
			return "", "", errors.New("unbalanced quote")
		}
		value = s[:end+1]
		if strings.ContainsAny(value, " \t") {
			value = s[1:end]
		}
		return value, s[end+1:], nil
	}
	end := strings.IndexAny(s, " \t;,\"<>")
	if end < 0 {
		end = len(s)
	}
	if end == 0 {
		return "", "", errors.New("empty parameter value")
	}
	return s[:end], s[end:], nil
}

// quotedEnd returns the index of the quote that closes the one at s[0], or -1.
func quotedEnd(s string) int {
	for i := 1; i < len(s); i++ {
		switch s[i] {
		case '\\':
			i++
		case '"':
			return i
		}
	}
	return -1
}

func trim(s string) string { return strings.Trim(s, " \t") }

func trimLeft(s string) string { return strings.TrimLeft(s, " \t") }
