// Package store holds the records that outlive a call: plain values without behaviour.
//
// Producers (sip/call, acd, sip/location) fill them, keepers (store/sqlite, store/postgres, store/memory) save them, and
// readers (store/ledger, store/report, console) read them, so producers and keepers never import each other. Identifiers
// are opaque strings; personal data (names, numbers, notes) stands in Call and nowhere else, so that deleting a customer
// blanks rows and changes no figure.
package store
