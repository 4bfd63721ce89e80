// Package jitter puts RTP packets back into order in fixed memory.
package jitter
