// Package transaction is the transaction layer of RFC 3261 §17 with RFC 6026 and RFC 4320: it repeats, absorbs and times out, so that
// those above see each request and each response once.
//
//	transport.Handler → Receive ┬ request  → (100 Trying) → Core.Request → Server.Respond
//	                            ├ repetition → last response again; the core never sees it
//	                            ├ CANCEL   → 200, or 481; ServerEvent Cancelled to the INVITE
//	                            ├ ACK      → absorbed after a failure, else Core.Ack
//	                            └ response → ClientEvent; a further 2xx to INVITE → Core.Response
//
// The four machines are ours and pure (serverstep.go, clientstep.go): sipgo's keep request, response, channels and timers of every
// answered request for 32 s, which costs gigabytes at the rates that a flood of REGISTER reaches. Here a transaction that has its
// final response shrinks to a hashed key, an address and the bytes to repeat, and only a bounded number of them lingers.
//
// Ownership: the table is cut into shards, each a leaf lock around its transactions and its timing wheel; what is to be sent or
// told is collected under the lock and done after it. One goroutine, runTimers, advances all wheels, and sleeps while none is
// set. Stop ends it.
package transaction
