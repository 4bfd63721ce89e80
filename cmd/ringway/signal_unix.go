//go:build unix

package main

import (
	"os/signal"
	"syscall"
)

// surviveFileLimits makes a write beyond the process's file size limit an error like a full disk, instead of the end of
// the switch and its calls.
func surviveFileLimits() { signal.Ignore(syscall.SIGXFSZ) }

// surviveBackground lets a demo that runs in the background of a shell do without keys: else reading them would stop it.
func surviveBackground() { signal.Ignore(syscall.SIGTTIN) }
