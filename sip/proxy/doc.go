// Package proxy forwards MESSAGE and OPTIONS between registered users: a transaction-stateful proxy (RFC 3261 §16, RFC 4320)
// and the seed of the full one. Calls do not come here: they are two dialogs of sip/call.
//
//	              request, sender proven                     one branch for each binding
//	upstream ──▶ Forward ── examine ── resolve ── fork ──┬──▶ client transaction ──▶ phone 1
//	                        400 416 482  403 404 480     └──▶ client transaction ──▶ phone 2
//	upstream ◀── first 2xx, else the best when all have answered; silence when all timed out
//
// It relays for proven senders to users of our own domains only, and follows no Route that leads elsewhere.
//
// Ownership: one fork belongs to one request; its gathering stands under a leaf lock and nothing is sent while that is
// held. There is no goroutine: events come from the transaction table and only post.
package proxy
