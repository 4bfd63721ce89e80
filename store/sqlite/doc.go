// Package sqlite keeps the records in one SQLite file (WAL, synchronous=NORMAL: safe against a kill; a power cut may cost
// the last group). One write handle belongs to whoever calls Save, normally the one writer goroutine; readers use a pool of
// read-only connections and never wait for it.
//
// Ownership: no goroutine of its own; database/sql's are ended by Close.
package sqlite
