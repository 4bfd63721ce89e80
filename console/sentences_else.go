package console

import (
	"errors"
	"regexp"
	"strings"

	"ringway/console/desk"
	"ringway/console/hooks"
	"ringway/console/staff"
	hub "ringway/console/stream"
	"ringway/store"
)

// known are errors of other packages by the codes of what they say.
var known = []struct {
	err  error
	code string
}{
	{store.ErrNotFound, "not_found"},
	{ErrOutdated, "outdated"},
	{ErrDisk, "disk_full"},
	{ErrReadOnly, "read_only"},
	{ErrDraft, "not_applied"},
	{ErrCapture, "no_capture"},
	{ErrRecording, "recording_runs"},
	{desk.ErrBusy, "desks_busy"},
	{desk.ErrGone, "offer_over"},
	{desk.ErrPhone, "answer_at_phone"},
	{desk.ErrNotHers, "call_not_hers"},
	{desk.ErrNoCall, "no_call"},
	{desk.ErrLong, "note_long"},
	{desk.ErrAgent, "no_agent"},
	{desk.ErrFault, "desk_failed"},
	{staff.ErrWrong, "login_wrong"},
	{staff.ErrCode, "code_wanted"},
	{staff.ErrBusy, "login_busy"},
	{staff.ErrNobody, "no_such_person"},
	{staff.ErrGone, "link_over"},
	{staff.ErrNotAdmin, "not_admin"},
	{staff.ErrScope, "no_scope"},
	{staff.ErrNoCode, "totp_not_begun"},
	{staff.ErrOwn, "own_link"},
	{staff.ErrOwnTOTP, "own_totp"},
	{hub.ErrFull, "readers_full"},
	{hooks.ErrUnknown, "no_delivery"},
}

// templates are sentences that are made elsewhere and come here as text: of the checks of requests, of reports, of the router and of
// calls. What stands in braces is a parameter; the first that fits counts.
var templates = compile([]template{
	{code: "required", text: "expected required property {name} to be present"},
	{code: "required", text: "required {in} parameter is missing"},
	{code: "unknown_field", text: "unexpected property"},
	{code: "max_length", text: "expected length <= {n}"},
	{code: "min_length", text: "expected length >= {n}"},
	{code: "minimum", text: "expected number >= {n}"},
	{code: "maximum", text: "expected number <= {n}"},
	{code: "min_items", text: "expected array length >= {n}"},
	{code: "max_items", text: "expected array length <= {n}"},
	{code: "one_of", text: `expected value to be one of "{values}"`},
	{code: "pattern", text: "expected string to match pattern {pattern}"},
	{code: "not_text", text: "expected string"},
	{code: "not_number", text: "expected number"},
	{code: "not_integer", text: "expected integer"},
	{code: "not_integer", text: "invalid integer"},
	{code: "not_yes_no", text: "expected boolean"},
	{code: "not_yes_no", text: "invalid boolean"},
	{code: "not_list", text: "expected array"},
	{code: "not_object", text: "expected object"},
	{code: "not_json", text: "invalid character {what}"},
	{code: "not_json", text: "unexpected end of JSON input"},
	{code: "not_json", text: "json: {what}"},
	{code: "not_media", text: "unknown content type: {type}"},
	{code: "not_instant", text: "expected string to be RFC 3339 date-time"},
	{code: "not_instant", text: "{time} is no instant: write it like 2026-03-02T09:00:00Z"},
	{code: "not_instant", text: "invalid date/time for format {format}"},
	{code: "no_hour", text: "{hour} is no hour of a weekday: write it like Mon-09"},
	{code: "no_limit", text: "{n} is no number from 1 to 1000"},
	{code: "no_length", text: "{time} is no time that something takes: write it like 168h"},
	{code: "no_share", text: "{share} is nothing that a list tells: it is wait, talk, hold, wrap_up, handling, rating or a sum of time as talk_time"},
	{code: "no_event", text: "there is no event '{event}'; {hint}"},
	{code: "body_missing", text: "request body is required"},
	{code: "too_large", text: "request body is too large limit={n} bytes"},
	{code: "unexpected", text: "unexpected error occurred"},
	{code: "no_report", text: "{kind} is no report: there are {all}"},
	{code: "no_zone", text: "{zone} is not a time zone: write a name of the IANA database, as in {example}"},
	{code: "no_zone", text: "unknown time zone {zone}: use an IANA name such as {example}"},
	{code: "no_step", text: "{step} is no step: 15, 30 or 60 minutes"},
	{code: "no_measure", text: "{measure} is no figure of a queue, as offered, abandoned, service_level or asa"},
	{code: "no_language", text: "{language} is no language of reports: there are {all}"},
	{code: "span_backwards", text: "{to} is not after {from}"},
	{code: "span_long", text: "a report covers at most {n} days"},
	{code: "span_long", text: "this report covers at most {n} days"},
	{code: "no_such_day", text: "the calendar has no {day}"},
	{code: "no_day", text: "{day} is no day: write it like {example}"},
	{code: "far_day", text: "{day} is too far away"},
	{code: "skipped_day", text: "there was no {day} in {zone}: the clocks jumped over it"},
	{code: "weak_short", text: "choose another password: it needs {n} characters"},
	{code: "weak_long", text: "choose another password: it has more than {n} bytes"},
	{code: "weak_text", text: "choose another password: it is no text"},
	{code: "weak_same", text: "choose another password: it is one character again and again"},
	{code: "weak_you", text: "choose another password: it is who you are"},
	{code: "too_often", text: "too many wrong passwords; wait a while"},
	{code: "unknown_queue", text: "there is no such queue"},
	{code: "unknown_queue", text: "unknown queue {queue}: queues.yaml has neither such a name nor number"},
	{code: "not_member", text: "you may not serve it: see 'members' in queues.yaml"},
	{code: "not_member", text: "{person}: may not serve it: see 'members' in queues.yaml"},
	{code: "not_joined", text: "join a queue first"},
	{code: "not_joined", text: "{person}: is in no queue: join one first"},
	{code: "bad_reason", text: "a reason is one short word of lower-case letters, digits, _ and -"},
	{code: "bad_reason", text: "{person}: a reason is one short word of lower-case letters, digits, _ and -, as in lunch"},
	{code: "no_wrap_up", text: "there is no wrap-up now"},
	{code: "undisposed", text: "say first what the call was about: this queue wants a disposition"},
	{code: "wrap_up_limit", text: "this wrap-up can't be made any longer: see 'wrap_up_extension' in queues.yaml"},
	{code: "unknown_code", text: "the queue has no such disposition"},
	{code: "desk_in_use", text: "{person}: the account belongs to another person"},
	{code: "unknown_agent", text: "unknown agent {agent}: people.yaml has no such id"},
	{code: "nobody_waits", text: "unknown visit {visit}: nobody waits under it"},
	{code: "call_over", text: "unknown call {call}"},
	{code: "call_young", text: "unknown call {call}, or one so young that it has no legs yet"},
	{code: "no_capture_there", text: "unknown capture"},
	{code: "no_version", text: "unknown version of the configuration"},
	{code: "no_such_call", text: "no such call, or it is over"},
	{code: "not_talking", text: "nobody of that name talks in this call"},
	{code: "not_hers", text: "only the one who was called can hand a call on"},
	{code: "cannot_transfer", text: "{to}: nothing there takes the call: no such number may be dialled"},
	{code: "phone_busy", text: "a phone of theirs is in use"},
	{code: "phone_away", text: "no phone of theirs is registered"},
	{code: "calls_full", text: "there are as many calls as the switch takes; try again in a moment"},
	{code: "no_way", text: "the dialplan has no place for it: nothing is dialled that no rule allows"},
	{code: "person_no_phone", text: "{person} has no phone: name one under 'phones' in people.yaml"},
	{code: "no_reach", text: "the customer can't be reached now: no app is registered, and there is no number that this phone may dial"},
	{code: "sim_no_account", text: "there is no account {account}: name one of ringway.yaml"},
	{code: "sim_no_trunk", text: "there is no trunk {trunk}: name one of ringway.yaml"},
	{code: "sim_no_person", text: "there is no person {person}: name one of people.yaml"},
	{code: "sim_twice", text: "{person} is taken as joined: name her in one of the two"},
	{code: "sim_hung_up", text: "the caller has hung up by then: press it within {time}"},
	{code: "sim_no_phone", text: "it is neither a person nor an account nor a number"},
	{code: "sim_slow", text: "this can't be applied: the simulation took longer than {time}"},
	{code: "no_domain", text: "unknown app domain {domain}; there are {all}"},
	{code: "no_domains", text: "unknown: ringway.yaml has no app_domains"},
	{code: "which_domain", text: "name one of the app domains: {all}"},
	{code: "captures_full", text: "can't capture: there are {n} captures: delete one first"},
})

type template struct {
	code, text string
	like       *regexp.Regexp
}

var hole = regexp.MustCompile(`\\\{(\w+)\\\}`)

func compile(all []template) []template {
	for i, t := range all {
		all[i].like = regexp.MustCompile("^" + hole.ReplaceAllString(regexp.QuoteMeta(t.text), "(?P<$1>.+)") + "$")
	}
	return all
}

// codeOf finds what an error says among the sentences; nothing where it is none of them.
func codeOf(err error) (s sentence) {
	if s = codeOfText(err.Error()); s.Code != "" {
		return s
	}
	for _, k := range known {
		if errors.Is(err, k.err) {
			return sentence{Code: k.code}
		}
	}
	return s
}

func codeOfText(text string) sentence { return codeAmong(templates, text) }

func codeAmong(all []template, text string) (s sentence) {
	for _, t := range all {
		found := t.like.FindStringSubmatch(text)
		if found == nil {
			continue
		}
		s.Code = t.code
		for i, name := range t.like.SubexpNames() {
			if name != "" {
				s.put(name, strings.Trim(found[i], `"`))
			}
		}
		return s
	}
	return s
}
