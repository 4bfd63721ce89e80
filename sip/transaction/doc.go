// Package transaction is the transaction layer of RFC 3261 §17 with RFC 6026 and RFC 4320.
package transaction
