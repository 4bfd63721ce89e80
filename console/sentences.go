package console

// sentences are what this package says to who asks for something that can't be, by the code that stands beside it: pages translate by
// it, other systems decide by it. A code stays; its English may change. What stands in braces is a parameter.
var sentences = map[string]string{
	"validation":        "validation failed",
	"log_in":            "log in, or send a key",
	"not_yours":         "this is not yours to do",
	"csrf":              "the request lacks the X-CSRF-Token that GET /api/v1/me tells",
	"log_ins_unchecked": "log-ins can't be checked now",
	"other_site":        "the request comes from another site",
	"no_operation":      "there is no such operation; /api/openapi.json lists them",
	"failed":            "this operation failed; the log says more",
	"slow":              "the switch did not answer in time",
	"metrics_key":       "from elsewhere, send a key with the scope status:read",

	// what stands behind the question mark
	"unknown_parameter": "there is no such parameter: there are {all}",
	"no_parameters":     "there is no such parameter: this operation takes none",
	"parameter_twice":   "it is given more than once: give it once",
	"query_unread":      "the query can't be read: write a percent sign as %25, a semicolon as %3B",

	// requests that may come again
	"too_large":   "the request is too large",
	"coding":      "send it as it is, without Content-Encoding",
	"cut_off":     "the request did not arrive as a whole",
	"key_long":    "the Idempotency-Key is too long",
	"key_used":    "this Idempotency-Key was used for another request",
	"under_way":   "the same request is being answered",
	"unsure":      "it can't be found out whether this was done already",
	"told_once":   "this was done; its answer was told once",
	"answer_lost": "this request was begun before and its answer is lost, since the switch stopped or its database was away: it may have been done or not. Look whether it was; if not, send it again with a new Idempotency-Key",

	// people, and what they may see
	"no_person":      `people.yaml has no person "{person}"`,
	"other_team":     "{person} is not in your teams",
	"role_above":     "{person} has a role that is not below yours: ask an administrator",
	"you_are_gone":   "people.yaml does not know you any more",
	"wrong":          "this is wrong",
	"own_sheet":      "agents see their own sheet: GET /api/v1/reports/agent-day",
	"own_calls":      "you see your own calls",
	"call_of_others": "nobody of your teams took part in this call",
	"live_of_others": "nobody of your teams is in this call",
	"not_heard":      "this is not yours to hear",
	"no_key":         "there is no such key",
	"screen_over":    "this address of the wallboard does not hold any more",
	"screen_log_in":  "log in, or use the address of a screen",
	"screen_role":    "the wallboard is for managers and screens",
	"screens_full":   "there are too many screens: take one back first",
	"no_screen":      "there is no such screen",

	// calls and queues
	"call_over":       "no such call is up",
	"no_conversation": "the caller talks with no agent: only a conversation can be handed on",
	"no_queue":        `there is no queue "{queue}"`,
	"whose_phone":     "say whose phone shall ring: a key has none",
	"whom_to_call":    "say whom to call: a customer, or one of her calls",
	"not_a_customers": "that is no customer's call",

	// reports by mail
	"no_letter": "there is no such report by mail: the configuration may have changed, so look at the list again",

	// captures
	"no_capture_account": `write the name of an account, of an app's customer, or a number, as in mei: without sip: and what follows the @`,
	"no_capture_address": "write an address, as in 192.0.2.7; with a port, as in 192.0.2.7:5060; or a network, as in 192.0.2.0/24",
	"no_capture_call":    "no such call is up: take the id from the page of a call that runs",

	// fields
	"cursor":         "it is no cursor of a page: send what 'next' said, as it is",
	"not_after_from": "it is not after 'from'",
	"format":         "it is json, csv, xlsx or print",
	"event_place":    "write the id of an event, or oldest",
	"language_tag":   "write a BCP 47 tag, as in zh-TW",
	"region_code":    "write two letters of ISO 3166, as in TW",
	"zone_name":      "write a name of the IANA database, as in Asia/Taipei",
	"fields_many":    "at most {n}",
	"field_size":     "a name has 1 to 64 bytes, a value at most 2000",
	"customer_there": "there is a customer of this id",
	"taken":          "it is taken",
	"changed":        "somebody else has changed it: read it again",
	"if_match":       "send the ETag of what you edited as If-Match",
	"missing":        "it is missing",
	"nothing_kept":   "nothing is kept of such a customer",
	"schemas":        "there are schemas of ringway, queues, people and dialplan",

	// the configuration
	"draft_files":  "a draft has at most {n} files",
	"no_file":      "it is no file of a configuration: ringway.yaml, queues.yaml, people.yaml or dialplan/NAME.yaml",
	"file_stays":   "it can't be taken away",
	"who_calls":    "say who calls: one of account, trunk and app",
	"key_dialplan": "this key has the dialplan alone: {file} takes the scope {scope}",
	"config_wrong": "the configuration has errors: nothing was changed",
}
