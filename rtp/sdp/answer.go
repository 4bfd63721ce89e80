package sdp

import "errors"

// Answer answers an offer: one m= line for each of its own, in order, at most one audio line accepted, all else port 0.
// With ErrNoMedia or ErrNoCommonCodec the returned session refuses every line.
func Answer(offer *Session, o AnswerOptions) (*Session, Agreed, error) {
	return nil, Agreed{}, errors.ErrUnsupported
}
