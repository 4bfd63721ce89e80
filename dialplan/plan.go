package dialplan

// File is one YAML file of the dialplan folder.
type File struct {
	Name string // as findings and traces name it
	Data []byte
}

// LoadOptions says what a dialplan may name. A nil list is not checked against; an empty one knows nothing.
type LoadOptions struct {
	Apps     []App
	Prompts  []string
	Music    []string
	Queues   []string // names and numbers
	Trunks   []string
	Accounts []string
	Entries  []string // contexts that accounts, app domains and trunks begin in: they must exist and are not unused
}

// Entry is where a call comes in.
type Entry struct{ Context, Exten string }
