package config

import (
	"ringway/config/diag"
	"ringway/dialplan"
	"ringway/dialplan/apps"
)

// HandoverContext is the one context of Config.Handover. Its extensions are the names of queues.
const HandoverContext = "handover"

// handoverText lets an agent hand a caller to any queue, whatever numbers the dialplan gives to queues.
const handoverText = `
contexts:
  handover:
    extensions:
      "_.": [{queue: {name: "${exten}"}}, {playback: all-busy}, {hangup: normal}]
`

// handover compiles it; the text is ours, and a test holds that it has no findings.
func handover() *dialplan.Plan {
	var l diag.List
	return dialplan.Load([]dialplan.File{{Name: "handover.yaml", Data: []byte(handoverText)}}, dialplan.LoadOptions{Apps: apps.All()}, &l)
}
