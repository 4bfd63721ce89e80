// Package lookup asks the company's own system (CRM) about a customer while the call waits, for the card on the agent's desk.
// Nobody waits for it: an offer goes out without, and a result that comes late fills the card in. Nothing of it changes
// where a call goes.
//
//	Start ──▶ pending ──▶ ok        the system answered: a record, maybe an empty one
//	             │──────▶ failed    it did not in time, or what it said is of no use
//	             └ cache, one question for all who ask the same, a bound on questions at once, and a breaker:
//
//	closed ──N failures in a row──▶ open ──pause──▶ one question ──answered──▶ closed
//	                                 ▲───────────── failed ─┘
//
// Ownership: Service counts a goroutine per question that is under way, bounded; Close ends them.
package lookup
