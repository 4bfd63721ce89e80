// Package stats counts what RTP and RTCP tell about one leg, as RFC 3550 appendix A does it, and reads and writes the
// RTCP packets that carry it.
package stats
