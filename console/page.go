package console

import (
	"bytes"
	"crypto/rand"
	"errors"
	"io/fs"
	"net/http"
	"path"
	"strings"

	"ringway/console/web"
)

// page serves the browser application: assets by their names, which change with their content, and index.html for every
// other path, so that an address inside the application can be opened and reloaded.
type page struct {
	files fs.FS
	index []byte
}

// unbuilt stands in for an application that was never built.
const unbuilt = `<!doctype html><html lang="en"><meta charset="utf-8"><title>Ringway</title>
<p>The console's browser application is not part of this binary: build it with <code>make</code>. The API is at /api/v1.</p></html>`

func newPage(files fs.FS) *page {
	index, err := fs.ReadFile(files, "index.html")
	if err != nil {
		index = []byte(unbuilt)
	}
	return &page{files: files, index: index}
}

// ServeHTTP implements http.Handler.
func (p *page) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet && r.Method != http.MethodHead {
		w.Header().Set("Allow", "GET, HEAD")
		plain(w, http.StatusMethodNotAllowed, "only GET\n")
		return
	}
	name := strings.TrimPrefix(path.Clean(r.URL.Path), "/")
	if name != "" && name != "index.html" && p.file(w, r, name) {
		return
	}
	if strings.HasPrefix(name, "assets/") {
		plain(w, http.StatusNotFound, "no such file\n")
		return
	}
	nonce := rand.Text()
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", policy(nonce))
	if r.Method == http.MethodGet {
		w.Write(bytes.ReplaceAll(p.index, []byte(web.NonceMark), []byte(nonce))) //nolint:errcheck // the browser is gone
	}
}

// policy is what a page may load and run: its own scripts, and style sheets that carry the nonce; nothing inline, nothing
// from elsewhere. What it stops is reported.
func policy(nonce string) string {
	return "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-" + nonce + "'; img-src 'self' data: blob:; " +
		"font-src 'self'; connect-src 'self'; media-src 'self' blob:; manifest-src 'self'; worker-src 'self'; " +
		"base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'; report-uri " + base + "/csp-report"
}

// encodings are those in which the build leaves files beside the plain ones, the best first.
var encodings = []struct{ name, suffix string }{{"br", ".br"}, {"gzip", ".gz"}}

// types are those of what a build makes; the machine's own list may lack them.
var types = map[string]string{".js": "text/javascript; charset=utf-8", ".mjs": "text/javascript; charset=utf-8",
	".css": "text/css; charset=utf-8", ".html": "text/html; charset=utf-8", ".svg": "image/svg+xml", ".json": "application/json",
	".png": "image/png", ".ico": "image/x-icon", ".woff2": "font/woff2", ".wav": "audio/wav", ".mp3": "audio/mpeg",
	".webmanifest": "application/manifest+json", ".map": "application/json", ".txt": "text/plain; charset=utf-8"}

// file serves one file, compressed where the browser takes it; false where there is none.
func (p *page) file(w http.ResponseWriter, r *http.Request, name string) bool {
	kind, known := types[path.Ext(name)]
	info, err := fs.Stat(p.files, name)
	if !known || err != nil || info.IsDir() {
		return false
	}
	h := w.Header()
	h.Set("Content-Type", kind)
	h.Set("Vary", "Accept-Encoding")
	if path.Ext(name) == ".svg" || path.Ext(name) == ".html" { // opened as a page of its own, it may do nothing
		h.Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'; sandbox")
	}
	if strings.HasPrefix(name, "assets/") {
		h.Set("Cache-Control", "public, max-age=31536000, immutable")
	} else {
		h.Set("Cache-Control", "no-cache")
	}
	for _, e := range encodings {
		if !takes(r.Header.Get("Accept-Encoding"), e.name) {
			continue
		}
		if text, err := fs.ReadFile(p.files, name+e.suffix); err == nil {
			h.Set("Content-Encoding", e.name)
			w.Write(text) //nolint:errcheck // the browser is gone
			return true
		}
	}
	text, err := fs.ReadFile(p.files, name)
	if errors.Is(err, fs.ErrNotExist) {
		return false
	}
	w.Write(text) //nolint:errcheck // the browser is gone
	return true
}

// takes tells whether an Accept-Encoding header names an encoding without refusing it.
func takes(accept, encoding string) bool {
	for part := range strings.SplitSeq(accept, ",") {
		name, params, _ := strings.Cut(strings.TrimSpace(part), ";")
		if strings.EqualFold(strings.TrimSpace(name), encoding) {
			return strings.ReplaceAll(params, " ", "") != "q=0"
		}
	}
	return false
}
