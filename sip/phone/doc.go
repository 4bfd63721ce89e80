// Package phone is a small softphone as a library: it registers, calls, and is called. It is made of the switch's own
// transport, transactions and dialogs, turned round, and never touches media: the address of its RTP and its codecs come
// from the user, and what was agreed goes back as sdp.Agreed.
//
//	            commands                          events
//	user ──▶ Register, Call, Answer …       Options.Incoming, Call.Notify ──▶ user
//	                  │                                ▲
//	                  ▼                                │
//	  mailbox ──▶ Phone: registration, calls (one leg.Leg each) ──▶ transaction.Table ──▶ transport.Layer
//	     ▲                                                               │
//	     └──────────── requests, responses, time-outs ◀──────────────────┘
//
// It is what the demo's robots and the scenario tests use to speak to a switch; its exported names show no type of the
// SIP library, so that they may stand above the sip folder.
//
// Ownership: a Phone counts its loop, the one goroutine that owns the registration and all calls, and the goroutine that
// opens a stream; besides these run those of its own transport layer and transaction table. All commands post to the
// loop's mailbox, all callbacks run on the loop and must not block. Close ends every one of them.
package phone
