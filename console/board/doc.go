// Package board is the wallboard: what happens in the queues now and what came of today so far.
//
// Its counts begin with today's books and go on with the events as they are recorded, through the ledger's own tallies, so
// that it says what the report of today says.
//
//	Event (never blocks) ──▶ mailbox ──▶ run: counts ──▶ once a second, on change ──▶ View ──▶ those who wait for it
//
// Ownership: a Board owns one goroutine, run, which alone holds the counts; it is started by Start and ended by Stop. A mailbox
// that overflows costs no call: the counts are read again from the books.
package board
