// Package report turns the ledger's books into what people read: the daily report, the list of calls, one call's timeline,
// and the explanation of a decision in plain words. Each as a table, as CSV and as JSON. It reads through small interfaces,
// so it works on a running switch and on a copied database alike.
package report
