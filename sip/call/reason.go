package call

import "ringway/sip/leg"

// reason is what a far end says of the end of its dialog (RFC 3326): BYE, CANCEL or a refusal. It goes on to the other leg
// and into the row, in place of the words of our own table.
type reason struct {
	sip, q850 int
	text      string
}

// reasonOf is the far end's reason; an end that we brought about has none.
func reasonOf(e leg.End) reason {
	switch e.Why {
	case leg.ByeReceived, leg.CancelReceived, leg.Refused:
		return reason{e.SIP, e.Q850, e.Text}
	}
	return reason{}
}

// onto puts the reason over a cause of ours, for a BYE or a CANCEL.
func (r reason) onto(c leg.Cause) leg.Cause {
	if r.q850 == 0 && r.sip == 0 {
		return c
	}
	c.Q850, c.Text = r.q850, r.text
	if r.sip > 0 {
		c.Status = r.sip
	}
	return c
}

// ontoFinal does so where the cause may be a final response, whose status stays ours.
func (r reason) ontoFinal(c leg.Cause) leg.Cause {
	if r.q850 > 0 {
		c.Q850, c.Text = r.q850, r.text
	}
	return c
}

// heard is the reason that belongs to an end: what the caller said when the caller ends it, else what the last one called
// said, unless the switch or the dialplan has a cause of its own.
func (c *Call) heard(cause Cause, by string) reason {
	if by != bySwitch || cause == Normal || cause == c.refusal {
		return c.said
	}
	return reason{}
}
