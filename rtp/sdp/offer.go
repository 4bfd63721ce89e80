package sdp

import "errors"

// NewOffer makes our offer of one audio stream.
func NewOffer(o OfferOptions) *Session { return &Session{} }

// Accept reads the answer to our offer. The error is ErrRejected, ErrNoCommonCodec or ErrAnswer.
func Accept(offer, answer *Session) (Agreed, error) { return Agreed{}, errors.ErrUnsupported }
