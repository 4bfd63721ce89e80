package console

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"
)

// SocketName is the control socket's name inside the data folder.
const SocketName = "ringway.sock"

// ErrUnknown means that nothing has the asked name.
var ErrUnknown = errors.New("unknown")

// ErrRunning means that another switch already serves the data folder.
var ErrRunning = errors.New("another ringway is running on this data folder")

// Control serves the control socket.
type Control struct {
	server *http.Server
	log    *slog.Logger
	wg     sync.WaitGroup
}

// Listen opens the control socket of a data folder and serves it until Close. A socket that a killed switch left behind is
// replaced; one that answers is ErrRunning.
func Listen(data string, s Switch, log *slog.Logger) (*Control, error) {
	path := filepath.Join(data, SocketName)
	if conn, err := net.DialTimeout("unix", path, time.Second); err == nil {
		return nil, errors.Join(ErrRunning, conn.Close())
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	l, err := net.Listen("unix", path)
	if err != nil {
		return nil, fmt.Errorf("control socket: %w", err)
	}
	if err := os.Chmod(path, 0o600); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	c := &Control{
		server: &http.Server{Handler: Handler(s), ReadHeaderTimeout: 5 * time.Second, IdleTimeout: time.Minute},
		log:    log,
	}
	c.wg.Add(1)
	go c.runServer(l)
	return c, nil
}

func (c *Control) runServer(l net.Listener) {
	defer c.wg.Done()
	if err := c.server.Serve(l); !errors.Is(err, http.ErrServerClosed) {
		c.log.Error("control socket stopped", "err", err)
	}
}

// Close ends the service; requests that run get five seconds.
func (c *Control) Close() error {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	err := c.server.Shutdown(ctx)
	c.wg.Wait()
	return err
}

// Handler serves the control operations for s.
func Handler(s Switch) http.Handler {
	mux := http.NewServeMux()
	cfg := huma.DefaultConfig("Ringway control", "1")
	cfg.CreateHooks = nil // no $schema links: the socket is for commands, not browsers
	api := humago.New(mux, cfg)
	for _, register := range controlRoutes {
		register(api, s)
	}
	return mux
}

// body is a JSON answer.
type body[T any] struct{ Body T }

// get declares an operation without input.
func get[T any](api huma.API, path, summary string, f func(context.Context) T) {
	op := huma.Operation{OperationID: "get" + path, Method: http.MethodGet, Path: path, Summary: summary}
	huma.Register(api, op, func(ctx context.Context, _ *struct{}) (*body[T], error) {
		return &body[T]{f(ctx)}, nil
	})
}
