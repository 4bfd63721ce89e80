// Package house holds the rules of the tree as tests: which package may import which, how long a file may be, how a
// goroutine is started. A rule that no test holds is a wish. The exceptions stand in exceptions.go, each with its reason.
package house
