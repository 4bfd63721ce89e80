// Package writer saves records without ever making a call wait.
//
//	Record ──▶ four bounded rings ──▶ one goroutine: groups of ≤ 200 ms ──▶ Backend.Save
//	                 │ full: the oldest of the least worth is lost, and counted    │ error
//	                 │                                                             ▼
//	                 └────────── spool file, replayed before anything else ◀── back-off, retry
//
// Events are given up first, calls and their parts last: while nothing can be written, those use all the room there is. While the database can't be written everything that waits is also
// written to the spool file, so a kill then loses nothing but the last moments; on a start the spool is replayed first, and
// since every record is keyed by its identifier, saving it twice changes nothing.
//
// Ownership: the rings and counters are guarded by one leaf mutex; the backend, the spool file and the back-off belong to
// the goroutine runWriter, which New starts and Close ends.
package writer
