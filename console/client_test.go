package console

import (
	"context"
	"log/slog"
	"strings"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// idle is a switch without anything in it.
type idle struct{}

func (idle) Status(context.Context) Status { return Status{Zone: "Asia/Taipei"} }
func (idle) Reload(context.Context) Reload { return Reload{} }
func (idle) Agent(context.Context, AgentCommand) (AgentView, error) {
	return AgentView{}, ErrUnknown
}
func (idle) Agents(context.Context) []AgentView                    { return nil }
func (idle) Mint(context.Context, MintRequest) (Credential, error) { return Credential{}, nil }
func (idle) Forget(context.Context, string) (Forgotten, error)     { return Forgotten{}, nil }
func (idle) Calls(context.Context) []LiveCall                      { return nil }
func (idle) Webhooks() Webhooks                                    { return &postRoom{} }
func (idle) Bindings(context.Context) []BindingView                { return nil }

// A refused request says which part of it was wrong, not only that something was.
func TestRefusalNamesItsPart(t *testing.T) {
	data := t.TempDir()
	c, err := Listen(data, idle{}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	client := NewClient(data)
	for _, r := range []struct {
		err  error
		says string
	}{
		{second(client.Agent(t.Context(), AgentCommand{Agent: "mei", Verb: "dance"})), "path.verb"},
		{second(client.Agent(t.Context(), AgentCommand{Agent: "mei", Verb: "pause", Reason: "Mrs Lin called"})), "body.reason"},
		{second(client.Mint(t.Context(), MintRequest{Subject: "a b"})), "body.subject"},
	} {
		if r.err == nil || !strings.Contains(r.err.Error(), r.says) {
			t.Errorf("%v does not name %s", r.err, r.says)
		}
	}
	if s, err := client.Status(t.Context()); err != nil || s.Location().String() != "Asia/Taipei" {
		t.Errorf("status: %+v, %v", s, err)
	}
	if err := c.Close(); err != nil {
		t.Error(err)
	}
}

func second[T any](_ T, err error) error { return err }
