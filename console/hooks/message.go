package hooks

import (
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"ringway/console/stream"
	"ringway/store"
)

// message is what stands in the body of a webhook.
type message struct {
	Type      string          `json:"type"`
	Timestamp string          `json:"timestamp"`
	Data      json.RawMessage `json:"data"`
}

const stamp = "2006-01-02T15:04:05.000000Z07:00"

// deliveryOf makes the delivery of an item.
func deliveryOf(i stream.Item, now time.Time) store.HookDelivery {
	m := message{Type: "gap", Timestamp: now.UTC().Format(stamp), Data: i.Text()}
	id := "gap-"
	if i.Gap == nil {
		m.Type, m.Timestamp, id = string(i.Event.Kind), i.Event.At.UTC().Format(stamp), ""
	}
	body, err := json.Marshal(m)
	if err != nil {
		panic(fmt.Sprintf("hooks: a message is not to be written: %v", err)) // its data is JSON already
	}
	id += strings.ReplaceAll(i.ID.String(), ".", "-") // the signature's parts are divided by dots
	return store.HookDelivery{Message: id, Kind: m.Type, Body: string(body), Created: now, Next: now}
}
