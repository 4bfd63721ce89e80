package report_test

import (
	"context"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"

	"ringway/store/ledger"
	"ringway/store/report"
	"ringway/store/report/words"
	"ringway/store/storetest"
)

// after is when the figures of the fixed history are looked at.
var after = storetest.T0.Add(48 * time.Hour)

// busyDay is the fixed history of the golden tables.
func busyDay() storetest.Traffic {
	return storetest.Traffic{Dice: rand.New(rand.NewPCG(7, 7)), Start: storetest.T0, Agents: 2, Episodes: 6, Loners: 6}
}

// said are the English phrases that the source of some folders says: literals given to say, Say, head and heads.
func said(t *testing.T, folders ...string) map[string]bool {
	t.Helper()
	out := map[string]bool{}
	for _, folder := range folders {
		files, err := filepath.Glob(filepath.Join(folder, "*.go"))
		if err != nil || len(files) == 0 {
			t.Fatalf("no source in %s, %v", folder, err)
		}
		for _, name := range files {
			if strings.HasSuffix(name, "_test.go") {
				continue
			}
			file, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
			if err != nil {
				t.Fatal(err)
			}
			ast.Inspect(file, func(n ast.Node) bool {
				if c, ok := n.(*ast.CallExpr); ok {
					literals(c, out)
				}
				return true
			})
		}
	}
	return out
}

func literals(c *ast.CallExpr, out map[string]bool) {
	f, ok := c.Fun.(*ast.SelectorExpr)
	if !ok || !slices.Contains([]string{"say", "Say", "head", "heads"}, f.Sel.Name) {
		return
	}
	args := c.Args
	if f.Sel.Name != "heads" {
		args = args[:1]
	}
	for _, a := range args {
		if l, ok := a.(*ast.BasicLit); ok {
			text, _ := strconv.Unquote(l.Value)
			out[text] = true
		}
	}
}

func TestNoWordIsMissingAndNoneIsLeftOver(t *testing.T) {
	used := said(t, ".", "words", filepath.Join("..", "..", "console", "post"))
	for _, k := range report.Kinds() {
		used[report.Title(k)] = true
	}
	for d := time.Sunday; d <= time.Saturday; d++ {
		used[d.String()] = true
	}
	for _, p := range []string{"%d days", "%d hours"} {
		used[p] = true
	}
	page, err := os.ReadFile("page.html")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`\.Words "([^"]+)"`).FindAllSubmatch(page, -1) {
		used[string(m[1])] = true
	}
	for p := range used {
		if !words.Has(p) {
			t.Errorf("%q has no translation: write one in words/phrases.go", p)
		}
	}
	for _, p := range words.Phrases() {
		if !used[p] {
			t.Errorf("nobody says %q any more", p)
		}
		for _, l := range []words.Lang{words.Taiwan, words.Japanese} {
			if text := l.Say(p); text == "" || strings.Count(text, "%") != strings.Count(p, "%") {
				t.Errorf("%q in %s is %q", p, l, text)
			}
		}
	}
}

func TestEachFigureOfTheLedgerHasItsWords(t *testing.T) {
	for sheet, figures := range map[words.Sheet][]ledger.Figure{words.Queue: append((&ledger.QueueTally{}).Figures(), (&ledger.QueueTally{}).Parts()...),
		words.Agent: append((&ledger.AgentTally{}).Figures(), (&ledger.AgentTally{}).Parts()...),
		words.Calls: append((&ledger.CallTally{}).Figures(), (&ledger.CallTally{}).Parts()...)} {
		known := words.Figures(sheet)
		for _, f := range figures {
			for _, l := range []words.Lang{words.Taiwan, words.Japanese} {
				label, formula, ok := l.Figure(sheet, f.Name, ledger.RepeatWindow)
				if !ok || foreign(label) == 0 || foreign(formula) == 0 || strings.ContainsAny(formula, "{}") {
					t.Errorf("%s %s in %s is %q, %q: write it in words/figures_%s.go", sheet, f.Name, l, label, formula, sheet)
				}
			}
			known = slices.DeleteFunc(known, func(n string) bool { return n == f.Name })
		}
		if len(known) > 0 {
			t.Errorf("the ledger has no figures %v on sheet %s", known, sheet)
		}
	}
}

// foreign counts the letters that are not Latin.
func foreign(s string) (n int) {
	for _, r := range s {
		if unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana) {
			n++
		}
	}
	return n
}

func TestReportsInAllLanguagesHaveTheSameIdentifiersAndNoEnglish(t *testing.T) {
	m := maker(fixed(t, busyDay()), after)
	for _, kind := range report.Kinds() {
		q := report.Query{Kind: kind, From: "2026-03-02"}
		english, err := m.Make(context.Background(), q, report.Viewer{})
		if err != nil {
			t.Fatal(err)
		}
		for _, q.Lang = range []words.Lang{words.Taiwan, words.Japanese} {
			table, err := m.Make(context.Background(), q, report.Viewer{})
			if err != nil {
				t.Fatal(err)
			}
			if a, b := identifiers(english), identifiers(table); a != b {
				t.Errorf("%s in %s has other identifiers:\n%s\n%s", kind, q.Lang, a, b)
			}
			for _, text := range texts(table) {
				if foreign(text) == 0 {
					t.Errorf("%s in %s says %q", kind, q.Lang, text)
				}
			}
			if page := string(written(t, table.WritePage)); !strings.Contains(page, `<html lang="`+string(q.Lang)+`">`) || !strings.Contains(page, table.Title) {
				t.Errorf("%s in %s: the page is not", kind, q.Lang)
			}
			workbook(t, table)
			golden(t, fmt.Sprintf("table-%s.%s.csv", kind, q.Lang), written(t, table.WriteCSV))
		}
	}
}

// identifiers are what programs read of a table.
func identifiers(t *report.Table) string {
	var b strings.Builder
	for _, s := range append([]report.Section{t.Section}, t.Sections...) {
		fmt.Fprintf(&b, "%s:", s.ID)
		for _, c := range s.Columns {
			fmt.Fprintf(&b, " %s %s", c.ID, c.Unit)
		}
		for _, r := range s.Rows {
			fmt.Fprintf(&b, "\n%s %v %v", r.Key, r.Cells, r.Drills)
		}
	}
	return b.String()
}

// texts are what people read of a table, but what the company named itself.
func texts(t *report.Table) []string {
	out := []string{t.Title}
	for _, c := range t.Charts {
		out = append(out, c.Title)
	}
	for _, s := range append([]report.Section{t.Section}, t.Sections...) {
		if s.Heading != "" {
			out = append(out, s.Heading)
		}
		for _, c := range s.Columns {
			if own := strings.HasPrefix(c.ID, "queue: "); !own {
				out = append(out, c.Label)
			}
			if c.Formula != "" {
				out = append(out, c.Formula)
			}
			for code, w := range c.Words {
				if code != "" && code != "–" && code != report.ReachApp {
					out = append(out, w)
				}
			}
		}
	}
	return out
}
