// Package edge is where requests come into the switch and learn where they belong: REGISTER to the registrar, INVITE and
// what is inside a dialog to the calls, MESSAGE and OPTIONS between users to the proxy path, OPTIONS for ourselves is
// answered here. It asks who sends what, by trunk address or digest, before anything else is done for a stranger.
//
//	transaction.Core ──▶ Edge ──▶ call.Manager   in-dialog requests, INVITE (admitted by Edge: call.Gatekeeper)
//	                       ├────▶ registrar      REGISTER
//	                       ├────▶ proxy          MESSAGE, OPTIONS to a user
//	                       └────▶ itself         OPTIONS to the switch, everything unknown
//
// It also tells calls where accounts are (call.Phones) and how carriers are reached (call.Trunks).
//
// Ownership: no goroutine and no state of its own but the immutable Rules behind one atomic pointer, which Apply swaps.
package edge
