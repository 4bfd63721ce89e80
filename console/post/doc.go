// Package post sends reports by mail at set times.
//
// Ownership: a Post owns one goroutine, run, started by Start and ended by Stop. It alone knows what is due; that a letter left,
// or why somebody's never will, is on record for each recipient, so that a restart sends nothing twice and sends what it missed by
// less than half a day.
package post
