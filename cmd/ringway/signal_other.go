//go:build !unix

package main

// surviveFileLimits has nothing to do where processes have no file size limit.
func surviveFileLimits() {}

// surviveBackground has nothing to do where a read from the terminal stops nobody.
func surviveBackground() {}
