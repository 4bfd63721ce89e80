package stream

import (
	"slices"
	"strings"

	"ringway/store"
)

// object is a JSON object; encoding/json writes its keys in order, so that what is generated is the same each time.
type object = map[string]any

// Schema is the JSON Schema (2020-12) of an event's wire form, made of its entry in the catalogue.
func (k Kind) Schema() map[string]any {
	props := object{
		"id":   text("place in the stream, as BOOT.SEQ: give it back as Last-Event-ID to go on behind it"),
		"node": text("the switch it happened on"),
		"at":   object{"type": "string", "format": "date-time", "description": "when, by the switch's clock"},
		"kind": object{"const": string(k.Name)},
	}
	for _, f := range fields {
		if !slices.Contains(k.Always, f.Name) && !slices.Contains(k.Maybe, f.Name) {
			continue
		}
		switch f.Name {
		case "state":
			props[f.Name] = k.State.schema()
		case "reason":
			props[f.Name] = k.Reason.schema()
		case "data":
			props[f.Name] = k.data()
		default:
			props[f.Name] = text(f.Doc)
		}
	}
	return object{"type": "object", "title": string(k.Name), "description": k.Doc, "properties": props,
		"required": append([]string{"id", "node", "at", "kind"}, k.Always...)}
}

func text(doc string) object { return object{"type": "string", "description": doc} }

func (w Word) schema() object {
	s := text(w.Doc)
	if w.OneOf != nil {
		s["enum"] = w.OneOf
	}
	return s
}

func (k Kind) data() object {
	props := object{}
	for _, d := range k.Data {
		props[d.Name] = text(d.Doc)
	}
	s := object{"type": "object", "properties": props}
	if k.Open {
		s["additionalProperties"] = object{"type": "string"}
	}
	return s
}

// CatalogueEntry is one event of the catalogue as the API shows it.
type CatalogueEntry struct {
	Kind   store.EventKind `json:"kind"`
	Doc    string          `json:"doc"`
	Schema map[string]any  `json:"schema" doc:"JSON Schema (2020-12) of the event"`
}

// Entries is the catalogue as the API shows it.
func Entries() []CatalogueEntry {
	out := make([]CatalogueEntry, len(Catalogue))
	for i, k := range Catalogue {
		out[i] = CatalogueEntry{Kind: k.Name, Doc: k.Doc, Schema: k.Schema()}
	}
	return out
}

func gapSchema() object {
	return object{"type": "object", "title": "gap", "required": words("reason after next"),
		"description": "Events between two places of the stream are gone.",
		"properties": object{
			"reason": object{"type": "string", "enum": words(GapCrash, GapLost, GapUnknown, GapLate),
				"description": "crash: the switch was killed, and its last moments may not be on record; lost: given up at a bound, or deleted by retention; unknown: no such id is on record; late: the record can't be read or written now"},
			"after": text("id of the last event before the gap"),
			"next":  text("id of the event that the stream goes on with"),
		}}
}

// AsyncAPI is the AsyncAPI 3.0 document of the stream and of webhooks.
func AsyncAPI(version string) map[string]any {
	messages, schemas := object{}, object{"gap": gapSchema()}
	stream, hook := object{}, object{}
	add := func(name, doc string, schema object) {
		schemas[name] = schema
		messages[name] = object{"name": name, "title": name, "summary": doc, "contentType": "application/json",
			"payload": ref("schemas", name)}
		messages["webhook."+name] = object{"name": name, "title": name, "summary": doc, "contentType": "application/json",
			"headers": ref("schemas", "webhook.headers"), "payload": object{"type": "object", "required": words("type timestamp data"),
				"properties": object{"type": object{"const": name}, "timestamp": object{"type": "string", "format": "date-time"},
					"data": ref("schemas", name)}}}
		stream[strings.ReplaceAll(name, ".", "_")] = ref("messages", name)
		hook[strings.ReplaceAll(name, ".", "_")] = ref("messages", "webhook."+name)
	}
	for _, k := range Catalogue {
		add(string(k.Name), k.Doc, k.Schema())
	}
	add("gap", "Events between two places of the stream are gone.", gapSchema())
	schemas["webhook.headers"] = object{"type": "object", "required": words("webhook-id webhook-timestamp webhook-signature"),
		"properties": object{
			"webhook-id":        text("identifies the message, the same each time that it is tried"),
			"webhook-timestamp": text("seconds since 1970 of this try"),
			"webhook-signature": text("one or more v1,BASE64 with a space between: HMAC-SHA256 over id.timestamp.body, one per valid secret"),
		}}
	return object{
		"asyncapi": "3.0.0",
		"info": object{"title": "Ringway events", "version": version,
			"description": "What happens on the switch. Events carry opaque identifiers only, never names, numbers or notes."},
		"defaultContentType": "application/json",
		"channels": object{
			"stream": object{"address": "/api/v1/events", "title": "Server-sent events", "messages": stream,
				"description": "GET with Accept: text/event-stream. The SSE event is the kind, its id the place in the stream; Last-Event-ID (or ?after=) goes on behind a place without a gap, or with the event gap."},
			"webhook": object{"address": "{url}", "title": "Webhooks", "messages": hook,
				"parameters":  object{"url": object{"description": "webhooks[].url of the configuration"}},
				"description": "POST, signed as Standard Webhooks; any 2xx is success, all else is tried again."},
		},
		"operations": object{
			"stream":  object{"action": "send", "channel": object{"$ref": "#/channels/stream"}},
			"webhook": object{"action": "send", "channel": object{"$ref": "#/channels/webhook"}},
		},
		"components": object{"messages": messages, "schemas": schemas},
	}
}

func ref(kind, name string) object { return object{"$ref": "#/components/" + kind + "/" + name} }
