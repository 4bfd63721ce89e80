// Package transport carries SIP messages over UDP and TCP: bounded, validated, and in order within a call.
//
//	  UDP sockets ─ runUDP ──┐                     ┌─ shard 0 ─ runShard: parse, validate ─→ Handler
//	                         ├─ peek ─ by Call-ID ─┼─ shard 1
//	TCP ─ runAccept, runConn ┘    (bounded boxes)  └─ shard n
//
//	Send, Write ─→ Marshal (refuses CR, LF, NUL) ─→ datagram, or queue of the connection ─ runWriter
//
// What comes in is bounded before it is understood (Limits), and validated before anybody sees it (RFC 3261, RFC 4475; see
// validate.go): a faulty request gets a stateless 400, 416 or 505 when that may leave, a faulty response or ACK is dropped, and each
// is counted. What fails never costs more than one message: a panic in a Handler is recovered by its shard.
//
// The message model is that of sipgo; parser, serialiser and sockets are ours (parse.go says why).
//
// Ownership: each UDP socket is read by one goroutine, and one looks at the drop counters of all of them once a second; each
// connection is read by one and written by another while there is something to write. Parsed messages belong to the Handler,
// which holds the turn of its shard. Sets that many goroutines share (connections, allowance, complaints, routes, VerifiedSet)
// are leaves under a lock of their own. Stop ends every goroutine and waits.
package transport
