// Package trunk holds the statically configured carriers: who they are when they call us, and how they are reached.
//
//	inbound   source address ── longest prefix ──▶ Trunk ──▶ entry context, caller (P-Asserted-Identity when trusted)
//	          digest user (package auth) ────────▶ Trunk
//	outbound  number ── permission of the context ── format ──▶ Request-URI and Hops, reachable ones first
//
// Ownership: a Set is immutable; a reload makes a new one. What changes (calls in progress, resolved addresses, health) is
// a trunk's state, which lives on from Set to Set by the trunk's name: counters are atomic, the rest stands under the
// state's leaf lock. Run is the one goroutine, started by the Set's owner: it resolves names and probes with OPTIONS.
package trunk
