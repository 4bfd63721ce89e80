package sdp

import "errors"

// Parse reads a description. The error is a *LineError.
func Parse(body []byte) (*Session, error) { return nil, errors.ErrUnsupported }
