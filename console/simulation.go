package console

import (
	"time"
)

// Graph is a dialplan as nodes and edges.
type Graph struct {
	Version    string           `json:"version"`
	Entries    []GraphEntry     `json:"entries" doc:"where calls come in"`
	Contexts   []GraphContext   `json:"contexts"`
	Extensions []GraphExtension `json:"extensions"`
	Edges      []GraphEdge      `json:"edges"`
}

// GraphEntry is who comes in by a context.
type GraphEntry struct {
	ID      string `json:"id"`
	Label   string `json:"label"`
	Context string `json:"context"`
}

// GraphContext is one context.
type GraphContext struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Position
}

// GraphExtension is one extension with its steps as they are written.
type GraphExtension struct {
	ID      string `json:"id"`
	Context string `json:"context"`
	Name    string `json:"name"`
	Kind    string `json:"kind" enum:"number,pattern,special"`
	Position
	Steps []GraphStep `json:"steps"`
}

// GraphStep is one step.
type GraphStep struct {
	ID    string `json:"id"`
	Index int    `json:"index" doc:"from 1"`
	Depth int    `json:"depth" doc:"inside so many ifs"`
	Name  string `json:"name"`
	Label string `json:"label,omitempty"`
	Text  string `json:"text"`
	When  string `json:"when,omitempty"`
	Position
}

// GraphEdge is one way.
type GraphEdge struct {
	ID    string `json:"id"`
	From  string `json:"from"`
	To    string `json:"to"`
	Kind  string `json:"kind" enum:"entry,include,next,branch,goto,gosub,typed,result"`
	Label string `json:"label,omitempty"`
}

// SimulateRequest is a virtual call: by an account, by a trunk, or of an app's user.
type SimulateRequest struct {
	Files   Draft             `json:"files,omitempty" doc:"a draft to simulate with, laid over the files on the disk"`
	Account string            `json:"account,omitempty" maxLength:"64"`
	Trunk   string            `json:"trunk,omitempty" maxLength:"64"`
	App     *SimulatedApp     `json:"app,omitempty"`
	Number  string            `json:"number,omitempty" doc:"the caller's" maxLength:"64"`
	Exten   string            `json:"exten" doc:"what is dialled" minLength:"1" maxLength:"80"`
	At      time.Time         `json:"at,omitempty" doc:"when; now when absent"`
	Digits  []string          `json:"digits,omitempty" doc:"what is typed, one entry for each prompt that listens" maxItems:"50"`
	Press   []SimulatedPress  `json:"press,omitempty" doc:"keys at certain moments, in a queue for example" maxItems:"50"`
	HangUp  float64           `json:"hang_up_seconds,omitempty" doc:"when the caller gives up; after 30 minutes when absent" minimum:"0" maximum:"14400"`
	Agents  string            `json:"agents,omitempty" enum:"now,all,none" default:"now" doc:"who is at work: as it is now, everybody, nobody"`
	Joined  []string          `json:"joined,omitempty" doc:"people taken as joined and ready, whatever they do now" maxItems:"1000"`
	Away    []string          `json:"away,omitempty" doc:"people taken as logged out, whatever they do now" maxItems:"1000"`
	Phones  map[string]Answer `json:"phones,omitempty" doc:"how the phones of people, accounts and numbers behave, by id"`
	Others  *Answer           `json:"others,omitempty" doc:"how all other phones behave; when absent they answer after 3 s and talk for 60 s"`
	Behind  bool              `json:"behind,omitempty" doc:"the call comes behind those who wait in the queues now"`
}

// SimulatedApp is a user of an app.
type SimulatedApp struct {
	Domain   string  `json:"domain,omitempty" doc:"the only one when absent" maxLength:"128"`
	Customer string  `json:"customer,omitempty" maxLength:"128"`
	Booking  string  `json:"booking,omitempty" maxLength:"128"`
	Name     string  `json:"name,omitempty" maxLength:"128"`
	Language string  `json:"language,omitempty" maxLength:"35"`
	Region   string  `json:"region,omitempty" maxLength:"2"`
	Zone     string  `json:"zone,omitempty" maxLength:"64"`
	Priority float64 `json:"priority_seconds,omitempty" minimum:"0" maximum:"86400"`
}

// SimulatedPress is keys at a moment.
type SimulatedPress struct {
	After float64 `json:"after_seconds" minimum:"0" maximum:"14400"`
	Keys  string  `json:"keys" pattern:"^[0-9*#]+$" maxLength:"32"`
}

// Answer is how a called phone behaves.
type Answer struct {
	Outcome string  `json:"outcome,omitempty" enum:"answered,busy,declined,no_answer,unreachable,media_failed"`
	Answer  float64 `json:"answer_seconds,omitempty" minimum:"0" maximum:"3600"`
	Talk    float64 `json:"talk_seconds,omitempty" minimum:"0" maximum:"14400"`
}

// Simulated is what a virtual call lived through.
type Simulated struct {
	Version   string              `json:"version"`
	Context   string              `json:"context" doc:"where the call came in"`
	Kind      string              `json:"kind"`
	Start     time.Time           `json:"start"`
	End       time.Time           `json:"end"`
	Duration  float64             `json:"duration_seconds"`
	Cause     string              `json:"cause" doc:"why it ended"`
	Agent     string              `json:"agent,omitempty" doc:"the last one that the caller spoke to"`
	AgentName string              `json:"agent_name,omitempty"`
	Talked    []string            `json:"talked" doc:"whom the caller spoke to, in order"`
	Played    []string            `json:"played" doc:"prompts, in order"`
	Events    []string            `json:"events" doc:"the dialplan's own"`
	Steps     []SimulatedStep     `json:"steps"`
	Visits    []SimulatedVisit    `json:"visits" doc:"the stays in queues"`
	Decisions []SimulatedDecision `json:"decisions"`
	Behind    *SimulatedLine      `json:"behind,omitempty" doc:"who waited before the call; absent unless asked for"`
	Truncated bool                `json:"truncated" doc:"there were more steps or decisions"`
	Problem   string              `json:"problem,omitempty" doc:"why the script could not go on"`
	Said      *Said               `json:"problem_said,omitempty" doc:"the problem before its values were put in, to tell it in another language"`
}

// SimulatedStep is one thing that the script did.
type SimulatedStep struct {
	After   float64 `json:"after_seconds"`
	Kind    string  `json:"kind" enum:"enter,finish,skip,branch,fail,message,end,key,hang_up"`
	Context string  `json:"context"`
	Exten   string  `json:"exten"`
	Step    string  `json:"step,omitempty"`
	Label   string  `json:"label,omitempty"`
	Text    string  `json:"text" doc:"in words"`
	Written string  `json:"written,omitempty" doc:"the step's arguments as they are written"`
	Keys    string  `json:"keys,omitempty" doc:"of a key: what was pressed"`
	Spoken  bool    `json:"spoken,omitempty" doc:"of a key: pressed in a conversation, so that the dialplan does not hear it"`
	Result  string  `json:"result,omitempty"`
	Detail  string  `json:"detail,omitempty"`
	Error   string  `json:"error,omitempty"`
	Said    *Said   `json:"error_said,omitempty" doc:"the error before its values were put in, to tell it in another language"`
	Position
}

// SimulatedVisit is one stay in a queue.
type SimulatedVisit struct {
	Queue  string    `json:"queue"`
	After  float64   `json:"after_seconds" doc:"when the call entered"`
	Waited float64   `json:"waited_seconds"`
	Talked float64   `json:"talked_seconds,omitempty"`
	Ahead  int       `json:"ahead" doc:"how many stood before it when it entered"`
	Result string    `json:"result" enum:"connected,timeout,full,empty,key,withdrawn,closed,abandoned,restart"`
	Agent  *Somebody `json:"agent,omitempty"`
}

// SimulatedLine is who waited before the call.
type SimulatedLine struct {
	At      time.Time        `json:"at" doc:"when the running queues were looked at"`
	Callers []SimulatedAhead `json:"callers" doc:"at most 100, the longest wait first"`
	Count   int              `json:"count"`
	LeftOut int              `json:"left_out" doc:"those who wait in queues that this configuration does not have"`
}

// SimulatedAhead is one of them, and what becomes of her while the call is simulated.
type SimulatedAhead struct {
	Queue    string    `json:"queue"`
	Waited   float64   `json:"waited_seconds" doc:"when the call began"`
	Language string    `json:"language,omitempty"`
	Result   string    `json:"result,omitempty" doc:"empty: still waits when the call ends"`
	After    float64   `json:"after_seconds,omitempty" doc:"when that was, from the start of the call"`
	Agent    *Somebody `json:"agent,omitempty"`
}

// Somebody is a person as others call her.
type Somebody struct {
	ID   string `json:"id"`
	Name string `json:"name"`
}

// SimulatedDecision is why an agent was offered the call, or why nobody was.
type SimulatedDecision struct {
	After    float64            `json:"after_seconds"`
	Queue    string             `json:"queue"`
	Step     int                `json:"step"`
	Waited   float64            `json:"waited_seconds"`
	Chosen   []Somebody         `json:"chosen"`
	Eligible int                `json:"eligible"`
	Text     string             `json:"text" doc:"all of it in words"`
	Removed  []SimulatedRemoval `json:"removed"`
	Ranks    []SimulatedRank    `json:"ranks" doc:"best first"`
	Offers   []SimulatedOffer   `json:"offers" doc:"what came of it"`
}

// SimulatedOffer is one agent's phone that rang.
type SimulatedOffer struct {
	Agent   Somebody `json:"agent"`
	Rang    float64  `json:"rang_seconds"`
	Outcome string   `json:"outcome" enum:"answered,declined,busy,no_answer,unreachable,media_failed,caller_left,lost_race,lapsed"`
}

// SimulatedRemoval is one rule and whom it took out.
type SimulatedRemoval struct {
	Rule   string     `json:"rule"`
	Detail string     `json:"detail,omitempty"`
	Text   string     `json:"text"`
	Count  int        `json:"count"`
	Agents []Somebody `json:"agents"`
}

// SimulatedRank is one candidate.
type SimulatedRank struct {
	Agent  Somebody      `json:"agent"`
	Step   int           `json:"step"`
	Robot  bool          `json:"robot,omitempty" doc:"a demo robot: after any human"`
	Values []RankedValue `json:"values"`
}

// RankedValue is one comparison.
type RankedValue struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}
