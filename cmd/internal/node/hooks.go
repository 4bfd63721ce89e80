package node

import (
	"context"

	"ringway/config"
	"ringway/console"
	"ringway/console/hooks"
)

// startHooks tells other systems what happens, from where each of them was; customers are looked up from here on.
func (n *Node) startHooks(context.Context) error {
	n.hooks = hooks.New(hooks.Options{Hub: n.events, Store: n.tables, Now: n.clock.Now, Log: n.log})
	n.applyHooks(n.config())
	return nil
}

// applyHooks takes what a configuration says about other systems.
func (n *Node) applyHooks(c *config.Config) {
	n.hooks.Apply(endpoints(c))
	n.lookups.Apply(lookupSettings(c))
}

// stopHooks ends what runs for other systems. What they have not taken waits for the next start.
func (n *Node) stopHooks() {
	if n.hooks != nil {
		n.hooks.Close()
	}
	if n.lookups != nil {
		n.lookups.Close()
	}
}

// Webhooks are the other systems that are told what happens.
func (n *Node) Webhooks() console.Webhooks { return n.hooks }

// endpoints are the webhooks of a configuration.
func endpoints(c *config.Config) []hooks.Endpoint {
	var out []hooks.Endpoint
	for _, w := range c.Settings.Webhooks {
		e := hooks.Endpoint{Name: w.Name, URL: w.URL, Kinds: w.Events, Timeout: w.Timeout, AllowPrivate: w.AllowPrivate}
		for _, s := range w.Secrets {
			if key, err := hooks.ParseSecret(c.Secret(s)); err == nil { // the check has seen to it
				e.Secrets = append(e.Secrets, key)
			}
		}
		out = append(out, e)
	}
	return out
}
