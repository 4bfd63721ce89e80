package dialplan

type compiler struct{}

// Plan is a compiled dialplan: immutable, shared by all calls that began under it.
type Plan struct {
	Version string // content hash
}

// Run is one call's walk through a Plan.
type Run struct{}
