// Package leg is one SIP dialog as a pure state machine that speaks SDP: Step(now, Input) yields the messages to send, the
// moment to be woken, and what the call has to know. It has no socket, no clock, no goroutine and no lock, so that every
// race of RFC 3261, 5407 and 6026 is a table of inputs and outputs.
//
//	UAS (a caller's INVITE came in)
//
//	  INVITE             Ring 180         Progress 183         Answer 200            ACK
//	─────────▶ incoming ─────────▶ ringing ⇄ early ──────────▶ accepted ──────────▶ confirmed
//	               │ CANCEL → 487     │        │                  │ no ACK for 64·T1:     │ BYE in: 200
//	               │ BYE → 200, 487   │        │                  │ BYE                   ▼
//	               │ Hangup → 4xx–6xx ▼        ▼     Hangup:      ▼ (BYE only after ACK) ended
//	               └──────────────▶ ended ◀──────── BYE out ── ending ── 200, 481, time-out ─▶ ended
//
//	UAC (we call a phone or a trunk)
//
//	  INVITE             100, 18x             18x with SDP     2xx: ACK              BYE in: 200
//	─────────▶ calling ─────────▶ proceeding ─────────▶ early ─────────▶ confirmed ─────────▶ ended
//	               │                  │                   │                  │ Hangup: BYE       ▲
//	               │ Hangup           │ CANCEL            │ CANCEL           ▼                   │
//	               └── waits for ──▶ cancelling ◀─────────┘               ending ── 200, 481, ───┤
//	                   a 1xx              │ 2xx crossed the CANCEL: ACK, BYE ─▶ ▲      time-out  │
//	                                      └── 3xx–6xx, or nothing for 64·T1 ─────────────────────┘
//
// Who does what around it: the transaction table sends 100, retransmits requests and non-2xx finals, acknowledges
// non-2xx finals and answers CANCEL; the leg owns the 2xx and its ACK, both directions, and everything above. The shell
// adds Via and picks the flow. After the one Event of kind Finished a leg has no output any more.
package leg
