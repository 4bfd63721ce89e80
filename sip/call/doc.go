// Package call is the B2BUA: one actor per call, and the Manager that makes them and finds them again.
//
//	            transaction.Core                     dialplan.Channel
//	INVITE ───▶ Manager ──new──▶ Call ◀──messages── script goroutine (dialplan.Run)
//	responses, BYE, ACK ───────▶ mailbox ──▶ loop ──▶ leg.Step ──▶ requests, responses, timers
//	rtp events ────────────────▶    │         ├──▶ rtp sessions: lease, apply, play, join
//	                                           └──▶ Recorder (rows, events), Agents (leg up, held, down)
//
//	call   setup ──▶ routing ──▶ talking ⇄ held ──▶ ending ──▶ done
//	         INVITE     script      a joined leg       end(cause)   CDR written; the loop stays until each
//	                    runs                                       dialog had its last message
//
// Ownership: all of a Call but its mailbox belongs to its loop goroutine. The script goroutine asks for verbs by messages
// and waits for replies; transactions, media loops and timers only post. Manager's tables stand under its lock, which is
// never held while calling out. Manager counts all goroutines: two per call, and one per connection being opened.
package call
