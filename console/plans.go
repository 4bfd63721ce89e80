package console

import (
	"context"
	"errors"
	"strings"
	"time"

	"ringway/config/diag"
)

// Plans are the files of the configuration and their versions; nothing of them holds a secret in the clear.
type Plans interface {
	// Files are the files on the disk.
	Files(ctx context.Context) (ConfigFiles, error)
	// Check checks the folder with a draft laid over it.
	Check(ctx context.Context, d Draft) (Checked, error)
	// Preview compares the folder with a draft laid over it.
	Preview(ctx context.Context, d Draft) (ConfigDiff, error)
	// Apply writes a draft and brings it in force: Refused, ErrOutdated, ErrDisk or ErrReadOnly where it does not.
	Apply(ctx context.Context, r ApplyRequest) (Applied, error)
	// Versions lists what was in force, newest first; before is the last number of the page before, 0 for the first.
	Versions(ctx context.Context, before int64, limit int) ([]ConfigVersion, error)
	// Version is one with its files, by number or version.
	Version(ctx context.Context, name string) (ConfigVersion, error)
	// Diff compares two versions by number or version, or "current", what lies on the disk.
	Diff(ctx context.Context, from, to string) (ConfigDiff, error)
	// Rollback brings an old version in force.
	Rollback(ctx context.Context, r RollbackRequest) (Applied, error)
	// Schema is the JSON Schema of a kind of file, false where there is none.
	Schema(file string) ([]byte, bool)
	// Graph is the dialplan in force, or with a draft laid over it, as nodes and edges.
	Graph(ctx context.Context, d Draft) (Graph, error)
	// Simulate lets a virtual caller live through the plan; nothing of it touches the switch. WrongFields where the request
	// names what there is not.
	Simulate(ctx context.Context, r SimulateRequest) (Simulated, error)
}

// Errors of Plans.
var (
	ErrOutdated = errors.New("the configuration was changed meanwhile: look at the newer one first")
	ErrDisk     = errors.New("the disk is full: nothing was changed")
	ErrReadOnly = errors.New("the configuration folder can't be written: nothing was changed")
	ErrDraft    = errors.New("this can't be applied")
)

// WrongFields is a request in which some fields do not hold, all of them at once.
type WrongFields []WrongField

// WrongField is one of them: where it stands, as "body.phones.mei", and what to do.
type WrongField struct{ Location, Message string }

// Error implements error.
func (w WrongFields) Error() string {
	all := make([]string, 0, len(w))
	for _, f := range w {
		all = append(all, f.Location+": "+f.Message)
	}
	return strings.Join(all, "; ")
}

// Refused is a draft with errors.
type Refused struct{ Findings []Finding }

// Error implements error.
func (r *Refused) Error() string { return "the configuration has errors" }

// Draft is texts by path, laid over the files of the folder; null stands for a file that is taken away.
type Draft map[string]*string

// Position is a place in a file: line and column count from 1, the column in characters.
type Position struct {
	File   string `json:"file"`
	Line   int    `json:"line" doc:"0: not known"`
	Column int    `json:"column" doc:"0: not known"`
}

// PositionOf is a place as the API tells it.
func PositionOf(p diag.Pos) Position { return Position{p.File, p.Line, p.Col} }

// Finding is one complaint about a configuration.
type Finding struct {
	Position
	EndLine   int              `json:"end_line"`
	EndColumn int              `json:"end_column" doc:"behind the last character"`
	Severity  string           `json:"severity" enum:"error,warning"`
	Code      string           `json:"code"`
	Message   string           `json:"message"`
	Hint      string           `json:"hint,omitempty"`
	Said      *Said            `json:"said,omitempty" doc:"the message before its values were put in, to tell it in another language; absent where it has none but its English"`
	Advised   *Said            `json:"advised,omitempty" doc:"the hint likewise"`
	Related   []RelatedFinding `json:"related,omitempty"`
}

// Said is a sentence before its values are put in.
type Said struct {
	Text   string      `json:"text" doc:"{1} stands for the first value"`
	Params []SaidParam `json:"params,omitempty"`
}

// SaidParam is one value.
type SaidParam struct {
	Value string `json:"value"`
	Said  *Said  `json:"said,omitempty" doc:"where it is itself a sentence or a word of Ringway; else it is as it is written"`
}

// saidOf is a sentence as the API tells it; nothing where it has only its English.
func saidOf(s diag.Said) *Said {
	if s.Text == "" {
		return nil
	}
	out := &Said{Text: s.Text}
	for _, p := range s.Params {
		v := SaidParam{Value: p.Value}
		if p.Said != nil {
			v.Said = saidOf(*p.Said)
		}
		out.Params = append(out.Params, v)
	}
	return out
}

// SaidBy is what a text says among sentences; nothing where it is none of them.
func SaidBy(all diag.Sentences, text string) *Said {
	s, _ := all.Of(text)
	return saidOf(s)
}

// FindingOf is a finding as the API tells it, without its places.
func FindingOf(f diag.Finding) Finding {
	return Finding{Severity: string(f.Severity), Code: f.Code, Message: f.Message, Hint: f.Hint, Said: saidOf(f.Said), Advised: saidOf(f.Advice())}
}

// RelatedFinding is a second place that a finding speaks of.
type RelatedFinding struct {
	Position
	Message string `json:"message"`
}

// ConfigFile is one file. A plain secret in it is shown as a mask, which stands for it when it is sent back.
type ConfigFile struct {
	Path   string `json:"path"`
	Text   string `json:"text"`
	Hidden bool   `json:"hidden,omitempty" doc:"it can't be shown, as its secrets can't be told from the rest: it can't be sent back"`
}

// ConfigFiles are the files on the disk.
type ConfigFiles struct {
	Version string       `json:"version" doc:"of what lies on the disk: the base_version of an edit"`
	InForce string       `json:"in_force"`
	Pending bool         `json:"pending" doc:"the files were edited by hand and not reloaded"`
	Files   []ConfigFile `json:"files"`
}

// Checked is what a check found.
type Checked struct {
	OK       bool      `json:"ok" doc:"it could be applied"`
	Version  string    `json:"version,omitempty" doc:"that it would have"`
	Findings []Finding `json:"findings"`
}

// ApplyRequest is an edit.
type ApplyRequest struct {
	Files   Draft
	Base    string // version of the files that were edited
	Comment string
	Who     string
}

// RollbackRequest brings an old version back.
type RollbackRequest struct {
	Version string // number or version
	Base    string // version of the files on the disk; "" does not ask
	Comment string
	Who     string
}

// Applied is a configuration that came in force.
type Applied struct {
	Applied  bool           `json:"applied"`
	Version  string         `json:"version"`
	Number   int64          `json:"number" doc:"0: it is not kept, the log says why"`
	Changes  []ConfigChange `json:"changes"`
	Findings []Finding      `json:"findings" doc:"warnings"`
}

// ConfigVersion is a configuration that was in force.
type ConfigVersion struct {
	Number  int64        `json:"number"`
	Version string       `json:"version"`
	At      time.Time    `json:"at"`
	By      string       `json:"by" doc:"empty: found on the disk"`
	Origin  string       `json:"origin" enum:"start,disk,api,rollback"`
	Comment string       `json:"comment"`
	InForce bool         `json:"in_force"`
	Files   []ConfigFile `json:"files,omitempty"`
}

// ConfigChange is one difference in words.
type ConfigChange struct {
	Kind string `json:"kind" enum:"added,removed,changed"`
	Noun string `json:"noun" doc:"context, extension, queue, person, account, …"`
	Name string `json:"name"`
	Text string `json:"text" doc:"all of it in English"`

	Details []ConfigDifference `json:"details,omitempty" doc:"what changed in it: the first of many"`
	More    int                `json:"more,omitempty" doc:"differences beyond them"`
}

// ConfigDifference is one value that differs.
type ConfigDifference struct {
	Kind string `json:"kind" enum:"added,removed,changed"`
	Key  string `json:"key,omitempty" doc:"where it stands, as ring.time; absent where the whole is one value"`
	Item int    `json:"item,omitempty" doc:"of the list that stands there, from 1: a step of an extension; absent for a value"`
	From string `json:"from,omitempty" doc:"absent: nothing"`
	To   string `json:"to,omitempty" doc:"absent: nothing"`
}

// ConfigFileDiff is how one file differs.
type ConfigFileDiff struct {
	Path   string `json:"path"`
	Change string `json:"change" enum:"added,removed,changed"`
	Text   string `json:"text" doc:"a unified diff"`
}

// ConfigDiff is how two versions differ.
type ConfigDiff struct {
	From     string           `json:"from"`
	To       string           `json:"to"`
	Files    []ConfigFileDiff `json:"files"`
	Changes  []ConfigChange   `json:"changes"`
	OK       bool             `json:"ok" doc:"of a draft: it could be applied"`
	Findings []Finding        `json:"findings,omitempty" doc:"of a draft"`
}
