package node

import (
	"fmt"
	"runtime"
	"sync"
	"testing"
)

// attempt is a testing.TB for what may fail now and then: it counts failures instead of ending the test. Its phones are
// used by goroutines that try starts.
type attempt struct {
	testing.TB
	mu    sync.Mutex
	wrong []string
}

// Errorf remembers a failure.
func (a *attempt) Errorf(format string, args ...any) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.wrong = append(a.wrong, fmt.Sprintf(format, args...))
}

// Fatalf remembers a failure and ends the goroutine that try started.
func (a *attempt) Fatalf(format string, args ...any) {
	a.Errorf(format, args...)
	runtime.Goexit()
}

// failures are what went wrong so far.
func (a *attempt) failures() []string {
	a.mu.Lock()
	defer a.mu.Unlock()
	return append([]string(nil), a.wrong...)
}

// try runs f in a goroutine of its own, waits for it, and says whether it came to its end.
func try(f func()) (done bool) {
	over := make(chan struct{})
	runTry(func() {
		defer close(over)
		f()
		done = true
	})
	<-over
	return done
}

func runTry(f func()) { go f() }
