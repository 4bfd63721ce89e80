package node

import (
	"context"
	"fmt"

	"ringway/config"
	"ringway/sip/call"
)

// HoldCall puts the other side of an agent's conversation on hold, or takes it back.
func (n *Node) HoldCall(ctx context.Context, agent, id string, on bool) error {
	return n.calls.Hold(ctx, call.Talker{Call: id, Agent: agent}, on)
}

// HangUpCall ends an agent's part of a conversation.
func (n *Node) HangUpCall(ctx context.Context, agent, id string) error {
	return n.calls.HangUp(ctx, call.Talker{Call: id, Agent: agent})
}

// TransferToNumber hands an agent's caller on to what her own phone may dial.
func (n *Node) TransferToNumber(ctx context.Context, agent, id, number string) error {
	accounts := n.config().Settings.Accounts
	to := call.Handover{Exten: number, Context: func(account string) string { return accounts[account].Context }}
	if err := n.calls.Transfer(ctx, call.Talker{Call: id, Agent: agent}, to); err != nil {
		return fmt.Errorf("%s: %w", number, err)
	}
	return nil
}

// TransferToQueue hands an agent's caller on to a queue, by its name or number.
func (n *Node) TransferToQueue(ctx context.Context, agent, id, queue string) error {
	c := n.config()
	q := c.Spec.Queue(queue)
	if q == nil {
		q = c.Spec.QueueByNumber(queue)
	}
	if q == nil {
		return fmt.Errorf("queue %q: %w", queue, call.ErrCannotTransfer)
	}
	to := call.Handover{Plan: c.Handover, Exten: q.Name, Context: func(string) string { return config.HandoverContext }}
	return n.calls.Transfer(ctx, call.Talker{Call: id, Agent: agent}, to)
}
