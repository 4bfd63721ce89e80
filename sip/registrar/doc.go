// Package registrar answers REGISTER (RFC 3261 §10.3, with RFC 3327 Path and RFC 5626 instance and reg-id). What happens to
// the bindings is decided by a pure function on a snapshot; the whole request takes effect at once or not at all.
//
//	REGISTER ──▶ read ──▶ decide(now, request, bindings) ──▶ location.Replace ──▶ 200 with all bindings
//	              │           │                                  │ changed meanwhile:
//	              └ 400, 420  └ 400, 403, 423, 500               └ decide again
//
// Authentication comes before: the caller hands over the Owner, and checks that To and From agree with it.
//
// A Contact URI is stored as it was given and returned so, escaped header parts ("?Route=") included (RFC 4475 §3.3.14);
// whoever calls the contact must not apply them: package proxy and sip/call leave them out.
//
// Ownership: a Registrar has no state of its own but its options; bindings belong to location.
package registrar
