package transport

import (
	"bytes"
	"strconv"
	"strings"
	"sync"

	sipmsg "github.com/emiago/sipgo/sip"
)

// buffer collects the text of a message; it is the io.StringWriter that sipgo's headers write to.
type buffer struct{ b []byte }

// WriteString implements io.StringWriter.
func (w *buffer) WriteString(s string) (int, error) {
	w.b = append(w.b, s...)
	return len(s), nil
}

var buffers = sync.Pool{New: func() any { return &buffer{} }}

// Marshal writes a message as it goes onto the wire.
func Marshal(msg sipmsg.Message) ([]byte, error) {
	b, err := AppendMessage(make([]byte, 0, 512), msg)
	if err != nil {
		return nil, err
	}
	return b, nil
}

// AppendMessage writes a message behind b. It is the only serialiser: a CR, LF or NUL inside the start line or any
// header makes it refuse the whole message with ErrUnsafe, so no value can grow a header of its own. Content-Length is always
// the length of the body.
func AppendMessage(b []byte, msg sipmsg.Message) ([]byte, error) {
	w := buffers.Get().(*buffer)
	w.b = b
	err := w.message(msg)
	b, w.b = w.b, nil
	buffers.Put(w)
	return b, err
}

func (w *buffer) message(msg sipmsg.Message) error {
	begin := len(w.b)
	var headers []sipmsg.Header
	switch m := msg.(type) {
	case *sipmsg.Request:
		w.b = append(append(w.b, m.Method...), ' ')
		w.b = append(appendURI(w.b, &m.Recipient), ' ')
		w.b = append(w.b, m.SipVersion...)
		headers = m.Headers()
	case *sipmsg.Response:
		w.b = append(append(w.b, m.SipVersion...), ' ')
		w.b = append(strconv.AppendInt(w.b, int64(m.StatusCode), 10), ' ')
		w.b = append(w.b, m.Reason...)
		headers = m.Headers()
	}
	if err := w.endLine(begin); err != nil {
		return err
	}
	for _, h := range headers {
		if isContentLength(h) {
			continue
		}
		start := len(w.b)
		w.header(h)
		if err := w.endLine(start); err != nil {
			return err
		}
	}
	w.b = append(w.b, "Content-Length: "...)
	w.b = strconv.AppendInt(w.b, int64(len(msg.Body())), 10)
	w.b = append(w.b, "\r\n\r\n"...)
	w.b = append(w.b, msg.Body()...)
	return nil
}

func isContentLength(h sipmsg.Header) bool {
	const name = "Content-Length"
	n := h.Name()
	return len(n) == len(name) && strings.EqualFold(n, name)
}

// endLine checks what was written since start and ends the line.
func (w *buffer) endLine(start int) error {
	line := w.b[start:]
	if bytes.IndexByte(line, '\n') >= 0 || bytes.IndexByte(line, '\r') >= 0 || bytes.IndexByte(line, 0) >= 0 {
		return ErrUnsafe
	}
	w.b = append(w.b, "\r\n"...)
	return nil
}
