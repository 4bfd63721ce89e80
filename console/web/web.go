// Package web is the browser application, built by npm into the folder dist and embedded into the program, so that one
// binary serves desk, wallboard and editor. A tree in which it was never built compiles too: then there is no index page.
package web

import (
	"embed"
	"io/fs"
)

// NonceMark stands in index.html where each answer puts a nonce of its own, for the style sheets that scripts make.
const NonceMark = "__CSP_NONCE__"

//go:embed all:dist
var dist embed.FS

// Files are what the build made: index.html, and everything else below assets.
func Files() fs.FS {
	sub, err := fs.Sub(dist, "dist")
	if err != nil {
		return dist // never: dist is a folder of this package
	}
	return sub
}
