// Package jitter puts RTP packets back into order in fixed memory, without a clock, a socket or a goroutine of its own.
package jitter
