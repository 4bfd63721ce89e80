// Package console is how people and programs speak to a running switch over HTTP. Its operations are declared with huma,
// so that the OpenAPI description, the checks of input and the problem+json errors come from one place.
//
// This part serves the control socket: the commands of `ringway` for the machine's administrator, reachable only through
// a Unix socket in the data folder (mode 0600), without log-in.
//
// Ownership: Control counts the goroutine that serves its socket; Close ends it.
package console
