// Package demo is the sample company: a switch on its embedded defaults, with robot customers and robot agents inside the
// same process that really speak SIP and RTP to it over loopback. It places a call end to end, measures what each side
// hears, and says how to join with a phone of one's own.
//
// The robots' media are made here, apart from the switch's own media engine, so that a fault of that engine can't hide
// from the check.
//
//	Run ─▶ company ─┬─ node            the switch, as `ringway serve` runs it
//	                ├─ agent  × 6      phone, line: answers, speaks its beat, listens
//	                └─ visit           a customer's phone and line, then what both sides made out: in turns, and at a key
//
// Ownership: a company closes its agents and its node; an agent counts its one loop, which owns its call, line and
// conversation; a visit runs on the company's goroutine, or on one that
// it counts, and closes what it opened; a Voice counts its two. Each close
// returns when the last one is gone.
package demo
