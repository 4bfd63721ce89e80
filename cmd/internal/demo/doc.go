// Package demo is the sample company: a switch on its embedded defaults, with robot customers and robot agents inside the
// same process that really speak SIP and RTP to it over loopback. It places a call end to end, measures what each side
// hears, and says how to join with a phone of one's own.
//
// The robots' media are made here, apart from the switch's own media engine, so that a fault of that engine can't hide
// from the check.
//
// Ownership: Demo counts the goroutines of its robots, a Robot those of its calls, and a Voice its two; each Close returns
// when the last one is gone.
package demo
