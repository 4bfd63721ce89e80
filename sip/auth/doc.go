// Package auth tells who sent a request: phones by digest (RFC 7616, RFC 8760), app callers by the short-lived
// credentials that the company's backend mints, trunks by the digest user they were given. It also answers the challenges
// that trunks send us.
//
//	request ──▶ Check ──┬── no credentials for our realm ───────────▶ 401 nonce            (stateless)
//	                    ├── malformed, two for one realm ───────────▶ 400
//	                    ├── nonce expired, forged, count reused ────▶ 401 nonce stale=true (no failed password)
//	                    ├── this source tried too often ────────────▶ 403, or silence for a scanner
//	                    ├── wrong password, unknown user: alike ────▶ 401 nonce            (counted)
//	                    ├── right, but From or claims disagree ─────▶ 403
//	                    └── right ──────────────────────────────────▶ Identity
//
// Nothing that lasts is allocated before a password was right, but for a place in a bounded table of failures.
//
// Ownership: a Server's tables (nonce counts, failures) are guarded by leaf locks of their own; there is no goroutine.
package auth
