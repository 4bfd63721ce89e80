package transport

import (
	"bytes"
	"strings"
)

// A stream, RFC 3261 §7.5 and §18.3, RFC 5626 §4.4.1:
//
//	CRLF CRLF            ping: the answer is CRLF
//	CRLF                 before a start line: ignored
//	start line … CRLF CRLF  body of exactly Content-Length bytes  next message …
//
// Without one sound Content-Length nobody knows where the next message begins, so the connection ends.

type frameKind uint8

const (
	frameMore frameKind = iota // wait for more bytes
	framePing                  // CRLF CRLF
	frameSkip                  // a stray CRLF
	frameMessage
	frameLost  // the header section is complete, but its end can't be told: refuse it and hang up
	frameLarge // hang up
)

// frame is the next thing on a stream: its kind, and how many bytes it takes.
type frame struct {
	kind frameKind
	n    int
}

// cutFrame looks at the front of a stream. searched is how many bytes were looked at in vain before, so that a slow sender
// does not make us read them again; it is updated.
func cutFrame(b []byte, searched *int, limit int) frame {
	if len(b) == 0 {
		return frame{}
	}
	if b[0] == '\r' || b[0] == '\n' {
		switch {
		case bytes.HasPrefix(b, []byte("\r\n\r\n")):
			return frame{framePing, 4}
		case bytes.HasPrefix([]byte("\r\n\r\n"), b):
			return frame{} // a part of a ping
		case bytes.HasPrefix(b, []byte("\r\n")):
			return frame{frameSkip, 2}
		}
		return frame{frameLost, 1}
	}
	from := max(*searched-3, 0)
	end := bytes.Index(b[from:], []byte("\r\n\r\n"))
	if end < 0 {
		*searched = len(b)
		if len(b) > limit {
			return frame{frameLarge, len(b)}
		}
		return frame{}
	}
	*searched = from + end
	head := from + end + 4
	length, ok := contentLength(string(b[:head]))
	switch {
	case !ok:
		return frame{frameLost, head}
	case head+length > limit:
		return frame{frameLarge, head}
	case len(b) < head+length:
		return frame{}
	}
	*searched = 0
	return frame{frameMessage, head + length}
}

// contentLength finds the one Content-Length of a header section.
func contentLength(head string) (n int, ok bool) {
	for head != "" {
		var line string
		line, head, _ = strings.Cut(head, "\n")
		if line == "" || line[0]|0x20 != 'c' && line[0]|0x20 != 'l' {
			continue
		}
		v, is := headerValue(line, "content-length", "l")
		if !is {
			continue
		}
		if v == "" { // folded
			v, head, _ = strings.Cut(head, "\n")
			v = strings.Trim(v, " \t\r")
		}
		size, err := number(v, 1<<30)
		if err != nil || ok {
			return 0, false
		}
		n, ok = int(size), true
	}
	return n, ok
}
