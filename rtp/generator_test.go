package rtp

// generate runs the load generator where this process was started as one.
func generate() bool { return false }
