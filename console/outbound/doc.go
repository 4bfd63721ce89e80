// Package outbound is the HTTP client for addresses that stand in the configuration: it reaches public addresses only, unless
// private ones are allowed, follows no redirect, and takes no more of an answer than is asked for.
//
// The address is checked when a connection is made, after the name was resolved: a name that points inside the company's
// network, or comes to do so later (DNS rebinding), is refused as its address would be.
//
// Ownership: no goroutine of its own; net/http's are ended by CloseIdleConnections and by each request's context.
package outbound
