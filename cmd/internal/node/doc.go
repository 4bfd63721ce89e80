// Package node assembles one running switch from a configuration. It is the only package that sees all others: it opens
// the store, the media engine and the listeners, joins them by small adapters, swaps new configurations in, and takes
// everything down again.
//
// Ownership: Node counts every goroutine that it starts; Stop ends them in the reverse order of Start and returns when the
// last one is gone. Configuration is an immutable value behind one atomic pointer that only Apply writes.
package node
