package config

import (
	"embed"
	"go/ast"
	"go/parser"
	"go/token"
	"strings"
)

//go:embed *.go
var sources embed.FS

// FieldDocs are the comments of the settings, by "Type.key": what an editor shows beside a key.
func FieldDocs() map[string]string {
	out := map[string]string{}
	entries, err := sources.ReadDir(".")
	if err != nil {
		return out
	}
	for _, e := range entries {
		text, err := sources.ReadFile(e.Name())
		if err != nil || strings.HasSuffix(e.Name(), "_test.go") {
			continue
		}
		file, err := parser.ParseFile(token.NewFileSet(), e.Name(), text, parser.ParseComments)
		if err != nil {
			continue
		}
		ast.Inspect(file, func(n ast.Node) bool {
			t, ok := n.(*ast.TypeSpec)
			if !ok {
				return true
			}
			if s, ok := t.Type.(*ast.StructType); ok {
				fieldDocs(t.Name.Name, s, out)
			}
			return false
		})
	}
	return out
}

func fieldDocs(name string, s *ast.StructType, out map[string]string) {
	for _, f := range s.Fields.List {
		if f.Tag == nil {
			continue
		}
		_, key, found := strings.Cut(f.Tag.Value, `yaml:"`)
		key, _, _ = strings.Cut(key, `"`)
		if found && key != "" {
			out[name+"."+key] = strings.TrimSpace(f.Comment.Text())
		}
	}
}
