//go:build !linux

package rtp

// generate runs the load generator where this process was started as one: benchmarks run on Linux only.
func generate() bool { return false }
