// Package call is the B2BUA: one actor per call, and the Manager that makes them and finds them again.
//
//	            transaction.Core                     dialplan.Channel
//	INVITE ───▶ Manager ──new──▶ Call ◀──messages── script (dialplan.Run)
//	responses, BYE, ACK ───────▶ mailbox ──▶ loop ──▶ leg.Step ──▶ requests, responses, timers
//	rtp events ────────────────▶    │         ├──▶ rtp sessions: lease, apply, play, join
//	                                           └──▶ Recorder (rows, events), Agents (leg up, held, down)
//
//	call   setup ──▶ routing ──▶ talking ⇄ held ──▶ ending ──▶ done
//	         INVITE     script      a joined leg       end(cause)   CDR written; the loop stays until each
//	                    runs                                       dialog had its last message
//
// Ownership: all of a Call but its mailbox belongs to its loop: the one goroutine that takes the call's turns, a worker of
// the Manager, or the script's own while it waits for a verb. The script asks for verbs by messages and waits for replies;
// transactions, media loops and timers only post. Manager's tables stand under its lock, which is never held while calling
// out. Manager counts all goroutines: workers (one per script that does not rest on a Dial, one per call that has something
// to do, a few at rest), and one per connection being opened; Stop ends them.
package call
