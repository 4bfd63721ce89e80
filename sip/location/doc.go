// Package location knows where each account can be reached: the bindings that REGISTER made (RFC 3261 §10), their paths
// (RFC 3327) and flows (RFC 5626).
//
// Ownership: bindings are owned by the shards of a Store, each under its leaf lock: nothing is called, sent or logged while
// one is held, and readers get copies. A Store has no goroutine of its own but Run, which its owner starts.
//
//	registrar ── Get ──▶ snapshot ── pure decision ── Replace ──▶ shard ──┬──▶ Persister (survives a restart)
//	                                                                      └──▶ Watcher   (acd: reachable or not)
//	call, proxy ── Lookup ──▶ copies, best first
//
// Deadlines are kept as durations since the store was made, measured by the injected clock. A clock whose readings carry
// monotonic time (time.Now, the node's clock) therefore never mass-expires anybody when the wall clock jumps; wall time
// is used once only, in Restore, where there is nothing else to go by.
package location
