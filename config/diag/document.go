package diag

import (
	"bytes"
	"errors"
	"io"
	"strings"

	"go.yaml.in/yaml/v4"
)

// Bounds of a configuration file: far above any real one, low enough that a hostile file costs nothing.
const (
	maxFile  = 4 << 20 // bytes
	maxNodes = 200_000 // nodes, aliases followed
	maxDepth = 64
)

// Codes of the findings made here.
const (
	CodeSyntax    = "YAML001" // not YAML, too large, too deep, several documents
	CodeUnknown   = "YAML002" // unknown key
	CodeType      = "YAML003" // a value of the wrong kind
	CodeDuplicate = "YAML004" // a key twice in one mapping
	CodeMissing   = "YAML005" // a required key is absent
	CodeValue     = "YAML006" // a value of the right kind that is not allowed
)

// ParseYAML reads one file that holds one document. An empty file is an absent root without a finding. The second result
// is false when the text is no YAML; the finding says where.
func ParseYAML(file string, src []byte, l *List) (Node, bool) {
	d := &document{file: file, list: l}
	if len(src) > maxFile {
		l.Errorf(Pos{File: file}, CodeSyntax, "split it into several files", "file of %d bytes is larger than %d", len(src), maxFile)
		return Node{}, false
	}
	if bytes.IndexByte(src, 0) >= 0 {
		l.Errorf(Pos{File: file}, CodeSyntax, "", "file contains NUL bytes: not a text file")
		return Node{}, false
	}
	d.source = newSource(src)
	loader, err := yaml.NewLoader(bytes.NewReader(src))
	if err != nil {
		l.Errorf(Pos{File: file}, CodeSyntax, "", "not valid YAML: %v", err)
		return Node{}, false
	}
	var root yaml.Node
	if err := loader.Load(&root); errors.Is(err, io.EOF) {
		return Node{doc: d}, true
	} else if err != nil {
		d.syntax(err)
		return Node{}, false
	}
	var more yaml.Node
	if err := loader.Load(&more); err == nil {
		l.Errorf(d.pos(&more), CodeSyntax, "remove the line '---' in the middle of the file", "a second document in one file")
		return Node{}, false
	} else if !errors.Is(err, io.EOF) {
		d.syntax(err)
		return Node{}, false
	}
	if len(root.Content) == 0 {
		return Node{doc: d}, true
	}
	budget := maxNodes
	if !d.bounded(root.Content[0], 0, &budget) {
		return Node{}, false
	}
	return Node{y: root.Content[0], doc: d}, true
}

// document is what all nodes of one file share.
type document struct {
	file   string
	source *source
	list   *List
}

func (d *document) pos(y *yaml.Node) Pos { return Pos{File: d.file, Line: y.Line, Col: y.Column} }

func (d *document) syntax(err error) {
	var le *yaml.LoadError
	if !errors.As(err, &le) {
		d.list.Errorf(Pos{File: d.file}, CodeSyntax, "", "not valid YAML: %v", strings.TrimPrefix(err.Error(), "yaml: "))
		return
	}
	hint := ""
	if strings.Contains(le.Message, "cannot start any token") {
		hint = "indent with spaces, not tabs, and quote values that begin with a special character"
	}
	f := Wrong(Pos{File: d.file, Line: le.Mark.Line, Col: le.Mark.Column}, CodeSyntax, hint, "not valid YAML: %v", le.Message)
	if le.ContextMark.Line > 0 && le.ContextMsg != "" {
		f.Related = []Related{{Pos{File: d.file, Line: le.ContextMark.Line, Col: le.ContextMark.Column}, le.ContextMsg}}
	}
	d.list.Add(f)
}

// bounded walks the tree once with aliases followed, so that no later walk can explode or circle.
func (d *document) bounded(y *yaml.Node, depth int, budget *int) bool {
	*budget--
	switch {
	case depth > maxDepth:
		d.list.Errorf(d.pos(y), CodeSyntax, "an alias may not contain itself", "nested deeper than %d levels", maxDepth)
		return false
	case *budget < 0:
		d.list.Errorf(d.pos(y), CodeSyntax, "use fewer aliases or split the file", "more than %d values", maxNodes)
		return false
	}
	if y.Kind == yaml.AliasNode {
		return d.bounded(y.Alias, depth+1, budget)
	}
	for _, c := range y.Content {
		if !d.bounded(c, depth+1, budget) {
			return false
		}
	}
	return true
}
