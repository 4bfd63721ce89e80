package diag

import "encoding/json"

// Severity tells whether a finding forbids the configuration.
type Severity string

// Severities: an Error keeps the old configuration active, a Warning does not.
const (
	Error   Severity = "error"
	Warning Severity = "warning"
)

// Finding is one complaint about a configuration.
type Finding struct {
	Pos      Pos
	Severity Severity
	Code     string // stable, like "DP012": documented, searchable, never reused
	Message  string // what is wrong, in lower case, without the position
	Said     Said   // the message before its values were put in
	Hint     string // what to do about it; may be empty
	Related  []Related
}

// Related is a second place that a finding speaks of, such as the first of two definitions.
type Related struct {
	Pos     Pos    `json:"pos"`
	Message string `json:"message"`
}

// String returns the one-line form: "file:line:col: error[DP012]: message; hint".
func (f Finding) String() string {
	s := string(f.Severity) + "[" + f.Code + "]: " + f.Message
	if !f.Pos.IsZero() {
		s = f.Pos.String() + ": " + s
	}
	if f.Hint != "" {
		s += "; " + f.Hint
	}
	return s
}

// MarshalJSON writes {"file","line","col","severity","code","message","hint","related"}, the form for editors and tools.
func (f Finding) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Pos
		Severity Severity  `json:"severity"`
		Code     string    `json:"code"`
		Message  string    `json:"message"`
		Hint     string    `json:"hint,omitempty"`
		Related  []Related `json:"related,omitempty"`
	}{f.Pos, f.Severity, f.Code, f.Message, f.Hint, f.Related})
}
