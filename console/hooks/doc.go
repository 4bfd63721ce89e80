// Package hooks tells other systems what happens, by webhooks as Standard Webhooks describes them: signed, tried again until
// they are taken, and kept where they are not.
//
//	record of events ──runFeed──▶ deliveries in the database ──runSend──▶ POST, several at once
//	       cursor ───────────────────────┘   ▲                              │ 2xx: delivered
//	                                         └── back-off with jitter ◀─────┤ else: tried again
//	                                                                        └ too often: dead, to be sent again by hand
//
// An event becomes a delivery in the same transaction that moves the cursor on, and only what is on record is sent: nothing is
// lost while the other side or the switch is down, and the other side never hears what a crash took back. It may hear a thing
// twice, with the same webhook-id, and not in order: each event has its place and time.
//
// Ownership: Manager counts the goroutines: per endpoint one that feeds and one that sends, which owns the state of the
// endpoint, and one per delivery under way, bounded. Apply ends those of endpoints that changed, Close ends all.
package hooks
