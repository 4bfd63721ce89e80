// Package memory keeps the records in maps: for tests, the simulator and a switch that must leave no trace. It passes the
// same suite as the databases.
//
// Ownership: one mutex guards everything.
package memory
