package sdp

import (
	"errors"
	"fmt"
	"strings"
)

// Verdicts of an exchange; each is a 488 on an INVITE.
var (
	// ErrNoCommonCodec means that an audio line could be served but for its codecs.
	ErrNoCommonCodec = errors.New("sdp: no codec in common")
	// ErrNoMedia means that there is no audio line that we can serve: none at all, all disabled, or only secured ones.
	ErrNoMedia = errors.New("sdp: no usable audio line")
	// ErrRejected means that the answer refuses the audio that we offered.
	ErrRejected = errors.New("sdp: audio refused by the answer")
	// ErrAnswer means that an answer does not fit its offer.
	ErrAnswer = errors.New("sdp: answer does not fit the offer")
)

// LineError says which line of a description cannot be read, and why.
type LineError struct {
	Line int    // from 1; 0 when it is about the whole
	Text string // the line as it came, cut to a readable length
	Why  string
}

// Error is "sdp line 4: m=audio x: port is not a number".
func (e *LineError) Error() string {
	if e.Line == 0 {
		return "sdp: " + e.Why
	}
	return fmt.Sprintf("sdp line %d: %s: %s", e.Line, e.Text, e.Why)
}

// Codes of a Warning header (RFC 3261 §20.43).
const (
	warnMediaType   = 304
	warnMediaFormat = 305
	warnOther       = 399
)

// Warning is the code and text of the Warning header that a refusal for err should carry. The text may stand between
// quotes as it is.
func Warning(err error) (code int, text string) {
	switch {
	case errors.Is(err, ErrNoMedia):
		code = warnMediaType
	case errors.Is(err, ErrNoCommonCodec), errors.Is(err, ErrRejected):
		code = warnMediaFormat
	default:
		code = warnOther
	}
	return code, quotable(err.Error())
}

// quotable makes s safe inside a quoted string: no quote, backslash or control character.
func quotable(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '"' || r == '\\':
			return '\''
		case r < ' ' || r == 0x7f:
			return ' '
		}
		return r
	}, strings.ToValidUTF8(s, "?"))
}
