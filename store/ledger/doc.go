// Package ledger keeps the books of a call centre: it turns events into segments such that every second of every agent and
// of every call is in exactly one bucket, and segments into figures by named formulas.
//
// It is pure: no clock, no I/O, no goroutine. The order in which events arrive does not matter, so a late event changes
// the books as if it had come in time. The live wallboard and last month's report are computed here and nowhere else.
package ledger
