// Package revise is what an editor of configuration files needs beside config itself: secrets are masked on their way out and
// put back on their way in, two versions are compared as text and in words, and files are written all or none.
//
//	disk ── Masks.Hide ──▶ editor ── Masks.Reveal ──▶ config.LoadOver ──▶ Write
package revise
