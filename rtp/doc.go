// Package rtp is the media engine: it leases endpoints on shared UDP ports, learns where a phone really sends from,
// relays packets between two legs whose codecs are equal and transcodes where they are not, plays prompts and hold music
// from encodings that all callers share, and carries DTMF and RTCP on each leg of its own.
//
//	phone A ──▶ port ─▶ source ─▶ receiver ─▶ route ─▶ sender of B ─▶ port ──▶ phone B
//	             │      (learn)   (RFC 3550)    │       (one SSRC, continuous numbers)
//	             └ found by (port, address)     ├─ relay:     equal codecs, the packet is rewritten where it lies
//	                                            └─ transcode: jitter buffer → decoder → encoder at a shared rate
//
// Ownership: an Engine starts one goroutine per media loop (runLoop), one that encodes sounds (runEncoder), two that write
// and close recordings (runRecorder, runFiler), and, where the system has no epoll, one reader per socket (runReader). A
// Session, its port, its sender, its receiver and its transcoder belong to the loop it was leased on, for life; callers reach
// them by commands: in the loop's mailbox while it is at work, in its place while it is parked (see loop.do). The one lock
// on the packet path is that place, taken once a wake-up. Two sessions on different loops meet over a
// bounded ring, and a session and the recorder over another. Engine.Close ends all goroutines and closes all ports, and
// returns when they are gone.
package rtp
