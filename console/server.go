package console

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io/fs"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"time"

	"ringway/console/web"
)

// Bounds of one request, so that a slow or silent browser holds nothing for long. Streams lift those of reading and
// writing and set their own for each write.
const (
	headerTime = 5 * time.Second
	readTime   = 30 * time.Second
	writeTime  = 60 * time.Second
	idleTime   = 2 * time.Minute
	maxHeader  = 16 << 10
	maxBody    = 1 << 20
	maxConns   = 4096
)

// Options of a Server. Listen and Parts are required.
type Options struct {
	Parts
	Listen    string         // host:port; port 0 takes a free one
	PublicURL string         // as browsers know it; empty: the address it listens on
	Proxies   []netip.Prefix // whose X-Forwarded-For is believed
	PerSource int            // connections from one address at once; 0: DefaultPerSource
	OIDC      OIDC           // the company's identity provider; without an issuer there is none
	TLS       *tls.Config    // nil: plain HTTP
	Files     fs.FS          // the browser application; nil: the embedded one
	Log       *slog.Logger
	Now       func() time.Time

	standEvery time.Duration // between two looks of a stream at its standing; 0: standingEvery
}

// Server is the staff's HTTP listener: the API, and the browser application that uses it.
type Server struct {
	server *http.Server
	at     net.Addr
	secure bool
	log    *slog.Logger
	stop   context.CancelFunc
	wg     sync.WaitGroup
	api    *API
}

// Serve opens the listener and serves it until Close.
func Serve(o Options) (*Server, error) {
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Files == nil {
		o.Files = web.Files()
	}
	l, err := net.Listen("tcp", o.Listen)
	if err != nil {
		return nil, fmt.Errorf("console: %w", err)
	}
	s := &Server{at: l.Addr(), secure: o.TLS != nil, log: o.Log}
	if o.PublicURL == "" {
		o.PublicURL = s.URL()
	}
	if o.PerSource <= 0 {
		o.PerSource = DefaultPerSource
	}
	l = limit(l, limits{all: maxConns, source: o.PerSource, trusted: o.Proxies, log: o.Log})
	if o.TLS != nil {
		l = tls.NewListener(l, o.TLS)
	}
	ctx, stop := context.WithCancel(context.Background())
	s.stop = stop
	h, api := handler(o)
	s.api = api
	s.server = &http.Server{
		Handler:           h,
		ReadHeaderTimeout: headerTime, ReadTimeout: readTime, WriteTimeout: writeTime, IdleTimeout: idleTime,
		MaxHeaderBytes: maxHeader,
		ConnContext:    withConn,
		BaseContext:    func(net.Listener) context.Context { return ctx }, // so that streams end when the server does
		ErrorLog:       slog.NewLogLogger(o.Log.Handler(), slog.LevelDebug),
	}
	s.wg.Add(1)
	go s.runServer(l)
	return s, nil
}

// secure tells whether browsers reach it by HTTPS, here or at a proxy.
func (o Options) secure() bool { return o.TLS != nil || strings.HasPrefix(o.PublicURL, "https://") }

// handler is everything that the listener serves.
func handler(o Options) (http.Handler, *API) {
	mux := http.NewServeMux()
	api := newAPI(mux, o)
	mux.Handle("POST "+base+"/csp-report", &cspReports{api: api})
	if o.OIDC.Issuer != "" {
		newProvider(api, o.OIDC).routes(mux)
	}
	mux.Handle("GET /metrics", api.metrics())
	routeHealth(mux, o.Ready)
	routeAsyncAPI(mux)
	mux.HandleFunc("/api/", func(w http.ResponseWriter, _ *http.Request) {
		problemTo(w, refused(http.StatusNotFound, "no_operation"))
	})
	mux.Handle("/", newPage(o.Files))
	ours := http.NewCrossOriginProtection() // browsers say where a request comes from: other sites get nothing done
	if err := ours.AddTrustedOrigin(o.PublicURL); err != nil {
		o.Log.Warn("console.public_url is no origin", "err", err)
	}
	ours.SetDenyHandler(http.HandlerFunc(api.crossSite))
	return guarded(ours.Handler(mux), o), api
}

// guarded sets what every answer carries, and bounds what a request may bring.
func guarded(next http.Handler, o Options) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() { // a fault of one operation costs one answer
			if p := recover(); p != nil && p != http.ErrAbortHandler {
				o.Log.Error("an operation of the console panicked", "path", r.URL.Path, "err", p)
				problemTo(w, refused(http.StatusInternalServerError, "failed"))
			}
		}()
		h := w.Header()
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		if o.secure() {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		if strings.HasPrefix(r.URL.Path, "/api/") {
			h.Set("Cache-Control", "no-store")
			h.Set("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
		}
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		next.ServeHTTP(w, withSource(r, o.Proxies))
	})
}

func (s *Server) runServer(l net.Listener) {
	defer s.wg.Done()
	if err := s.server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		s.log.Error("the console's listener stopped", "err", err)
	}
}

// Addr is where it listens, as host:port.
func (s *Server) Addr() string { return s.at.String() }

// URL is its address for a browser on this machine.
func (s *Server) URL() string {
	scheme := "http"
	if s.secure {
		scheme = "https"
	}
	host, port, err := net.SplitHostPort(s.at.String())
	if ip := net.ParseIP(host); err == nil && ip != nil && ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return scheme + "://" + net.JoinHostPort(host, port)
}

// Applied says that a new configuration is in force: whose role or team it takes away loses the streams that go with it at once.
func (s *Server) Applied() { s.api.standings.askEverybody() }

// Close ends the service: streams at once, other requests within two seconds.
func (s *Server) Close() error {
	s.stop()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	err := s.server.Shutdown(ctx)
	if err != nil {
		err = s.server.Close()
	}
	s.wg.Wait()
	ctx, cancel = context.WithTimeout(context.Background(), journalTime)
	defer cancel()
	s.api.keepRefused(ctx)
	return err
}
