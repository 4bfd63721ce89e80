package dialplan

import "context"

// App is one application that a step can name: an entry of the one list in dialplan/apps.
type App struct {
	Name    string   // lower snake case, as Asterisk calls it
	Doc     string   // one sentence for the generated table
	Args    []Arg    // in the order of the documentation
	Main    string   // the argument that a scalar or list fills; "" refuses one
	Results []string // words that on: may branch on
	Media   Media    // what the call must have had before
	EndsOn  []string // results after which the call ends unless on: says otherwise
	Ends    bool     // nothing after it is reached
	Types   bool     // what the caller types there may lead to another extension
	Lasts   bool     // takes time, so that going round and round in it is no busy loop
	Prepare func(*Args) Step
}

// Media is what an application asks of the call's media.
type Media int

// Needs and effects of applications.
const (
	AnyMedia   Media = iota
	OpensMedia       // answer, progress, queue: media are open afterwards
	NeedsMedia       // background, read, wait_exten: an error of check when nothing opened them before
)

// Arg is one argument of an application, for checks, suggestions and the documentation.
type Arg struct {
	Name     string
	Type     ArgType
	Required bool
	Default  string // as an administrator would write it
	Doc      string
}

// ArgType is the kind of value that an argument takes.
type ArgType string

// Types of argument. All but the fixed ones may contain ${…}.
const (
	TextArg     ArgType = "text"
	WordArg     ArgType = "word"     // fixed
	NumberArg   ArgType = "number"   // whole
	DurationArg ArgType = "duration" // fixed: 20s
	YesNoArg    ArgType = "yes/no"   // fixed
	PromptsArg  ArgType = "prompts"  // one or a list
	QueueArg    ArgType = "queue"
	TrunkArg    ArgType = "trunk"
	AccountsArg ArgType = "accounts"  // one or a list
	FieldsArg   ArgType = "fields"    // a mapping of names to text
	LevelsArg   ArgType = "levels"    // a mapping of names to whole numbers
	VarsArg     ArgType = "variables" // a mapping of variables to values
	VarArg      ArgType = "variable"  // the name of one, which gets text
)

// Step is one prepared application with its checked arguments: immutable, shared by all calls of a Plan.
type Step interface {
	// Do performs it for one call. The result is one of App.Results, or "". An error other than ErrEnded and a Jump fails
	// the step with its position, and the call goes on with the next one.
	Do(ctx context.Context, r *Run) (result string, err error)
}

// StepFunc makes a function a Step.
type StepFunc func(ctx context.Context, r *Run) (string, error)

// Do calls the function.
func (f StepFunc) Do(ctx context.Context, r *Run) (string, error) { return f(ctx, r) }

// Place is a step that an administrator can name: "label", "exten,label" or "context,exten,label".
type Place struct{ Context, Exten, Label string }
