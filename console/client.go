package console

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"path/filepath"
	"time"
)

// ErrNotRunning means that no switch serves the data folder.
var ErrNotRunning = errors.New("no ringway is running on this data folder")

// Client speaks to the control socket of a data folder.
type Client struct {
	http *http.Client
	data string
}

// NewClient makes a client; it connects when it is used.
func NewClient(data string) *Client {
	dial := func(ctx context.Context, _, _ string) (net.Conn, error) {
		var d net.Dialer
		return d.DialContext(ctx, "unix", filepath.Join(data, SocketName))
	}
	return &Client{&http.Client{Transport: &http.Transport{DialContext: dial, DisableKeepAlives: true}, Timeout: time.Minute}, data}
}

// Status asks how the switch is doing.
func (c *Client) Status(ctx context.Context) (out Status, err error) {
	return out, c.call(ctx, http.MethodGet, "/v1/status", nil, &out)
}

// Reload makes the switch read its configuration again.
func (c *Client) Reload(ctx context.Context) (out Reload, err error) {
	return out, c.call(ctx, http.MethodPost, "/v1/reload", nil, &out)
}

// Agents lists the agents.
func (c *Client) Agents(ctx context.Context) (out []AgentView, err error) {
	return out, c.call(ctx, http.MethodGet, "/v1/agents", nil, &out)
}

// Calls lists the calls that are up.
func (c *Client) Calls(ctx context.Context) (out []LiveCall, err error) {
	return out, c.call(ctx, http.MethodGet, "/v1/live-calls", nil, &out)
}

// Bindings lists registered contacts.
func (c *Client) Bindings(ctx context.Context) (out []BindingView, err error) {
	return out, c.call(ctx, http.MethodGet, "/v1/bindings", nil, &out)
}

// Agent sends a command for an agent.
func (c *Client) Agent(ctx context.Context, cmd AgentCommand) (out AgentView, err error) {
	in := map[string]string{}
	if cmd.Queue != "" {
		in["queue"] = cmd.Queue
	}
	if cmd.Reason != "" {
		in["reason"] = cmd.Reason
	}
	return out, c.call(ctx, http.MethodPost, "/v1/agents/"+url.PathEscape(cmd.Agent)+"/"+cmd.Verb, in, &out)
}

// problem is an RFC 9457 error.
type problem struct {
	Title  string `json:"title"`
	Detail string `json:"detail"`
	Errors []struct {
		Message  string `json:"message"`
		Location string `json:"location"`
	} `json:"errors"`
}

// words is what went wrong, with every part of the request that is at fault.
func (p problem) words() string {
	out := p.Detail
	for _, e := range p.Errors {
		if e.Message != "" && e.Message != p.Detail {
			out += fmt.Sprintf("; %s: %s", e.Location, e.Message)
		}
	}
	return out
}

func (c *Client) call(ctx context.Context, method, path string, in, out any) error {
	var send io.Reader
	if in != nil {
		b, err := json.Marshal(in)
		if err != nil {
			return err
		}
		send = bytes.NewReader(b)
	}
	req, err := http.NewRequestWithContext(ctx, method, "http://ringway"+path, send)
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := c.http.Do(req)
	var op *net.OpError
	if errors.As(err, &op) && op.Op == "dial" {
		return fmt.Errorf("%w (%s): start it with 'ringway serve DIR' or 'ringway demo'", ErrNotRunning, c.data)
	} else if err != nil {
		return err
	}
	defer resp.Body.Close()
	text, err := io.ReadAll(io.LimitReader(resp.Body, 64<<20))
	if err != nil {
		return err
	}
	if resp.StatusCode >= 300 {
		var p problem
		if json.Unmarshal(text, &p) != nil || p.Detail == "" {
			p.Detail = resp.Status
		}
		return errors.New(p.words())
	}
	return json.Unmarshal(text, out)
}
