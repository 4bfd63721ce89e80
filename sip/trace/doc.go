// Package trace keeps the SIP messages that went by last, so that one call's ladder can be drawn, and captures messages on
// demand as a pcap file. Nothing of it leaves with a secret in it: digests, nonces, keys and typed digits are masked by
// characters of the same number, so that lengths stay true.
//
//	transport ── Tap ──▶ shard of the Call-ID (a bounded ring of calls) ──▶ Messages
//	               └───▶ captures that run, each bounded in time and bytes ──▶ WritePcap
//
// Ownership: no goroutines. Tap runs on the transport's; each shard and each capture stands under its own leaf lock. Without
// a capture the list of them is nil and costs one atomic load.
package trace
