// Package console is how people and programs speak to a running switch over HTTP. Its operations are declared with huma,
// so that the OpenAPI description, the checks of input and the problem+json errors come from one place.
//
// It serves two listeners. The control socket is for the machine's administrator: the commands of `ringway`, reachable only
// through a Unix socket in the data folder (mode 0600), without log-in. The staff's listener is for people who log in and
// machines with keys: the API under /api/v1, and the browser application of console/web.
//
// A resource is one file api_NOUN.go and one line in routes.go. Who may use an operation stands in its Op and is checked
// before anything of the request is read; what a person sees of others is limited by team (staff.Identity.Sees).
//
// Ownership: Control and Server each count the goroutine that serves their socket; Close ends it. A request belongs to
// net/http's goroutine; streams end with the request or with the server.
package console
