package expr

import (
	"errors"
	"strings"
	"testing"

	"ringway/config/diag"
)

func testEnv() *Env {
	return NewEnv(map[string]Type{
		"exten":  String,
		"n":      Int,
		"langs":  Levels,
		"skills": Strings,
		"caller": Object(map[string]Type{"region": String, "language": String, "age": Int}),
	}, Func2("speaks", func(who, lang string) int { return len(who) + len(lang) }))
}

func testVars() Vars {
	return Vars{"exten": "95551234", "n": 3, "langs": map[string]int{"en": 4}, "skills": []string{"flights", "hotels"},
		"caller": map[string]any{"region": "TW", "language": "zh-TW", "age": 41}}
}

func TestExpressionsYieldTypedValues(t *testing.T) {
	for _, c := range []struct {
		src  string
		kind Kind
		want string
	}{
		{"exten[1:]", KindString, "5551234"},
		{"exten[20:]", KindString, ""},
		{"n + 1", KindInt, "4"},
		{"n / 2", KindFloat, "1.5"},
		{"caller.region == 'TW' and n > 2", KindBool, "true"},
		{"caller.language startsWith 'zh'", KindBool, "true"},
		{"exten matches '^9[0-9]+$'", KindBool, "true"},
		{"caller.region in ['TW', 'JP']", KindBool, "true"},
		{"langs.en >= 3", KindBool, "true"},
		{"langs['fr']", KindInt, "0"},
		{"speaks(exten, 'en')", KindInt, "10"},
		{"n > 1 ? 'many' : 'one'", KindString, "many"},
		{"len(skills)", KindInt, "2"},
		{"skills", KindStrings, "flights,hotels"},
		{"upper(caller.region) + string(n)", KindString, "TW3"},
		{"int('12') + 1", KindInt, "13"},
		{"'${exten}'", KindString, "${exten}"},
	} {
		var l diag.List
		p, ok := Compile(diag.TextAt(diag.Pos{File: "a.yaml", Line: 1, Col: 1}, c.src), testEnv(), KindAny, &l)
		if !ok {
			t.Errorf("%s: %v", c.src, l.Err())
			continue
		}
		v, err := p.Run(testVars())
		if err != nil || v.String() != c.want || p.Kind() != c.kind {
			t.Errorf("%s = %q (%s), %v; want %q (%s)", c.src, v, p.Kind(), err, c.want, c.kind)
		}
	}
}

func TestFindingsPointInsideTheScalar(t *testing.T) {
	for _, c := range []struct {
		src  string
		want Kind
		find string
	}{
		{"extn == '700'", KindBool, "a.yaml:5:10: error[EX002]: unknown name extn; did you mean 'exten'?"},
		{"n > 1 and caller.regoin == 'TW'", KindBool, "a.yaml:5:27: error[EX002]"},
		{"n + exten", KindInt, "a.yaml:5:12: error[EX003]"},
		{"exten", KindBool, "a.yaml:5:10: error[EX003]: this yields text, true or false is wanted"},
		{"exten ==", KindBool, "error[EX001]"},
		{"", KindBool, "a.yaml:5:10: error[EX001]: an expression is missing"},
		{"len(1..1000000000) > 3", KindBool, "error[EX004]"},
		{"all(skills, # == 'x')", KindBool, "error[EX004]"},
		{"map(skills, {# + #})", KindAny, "error[EX004]"},
		{"repeat(exten, 1000000)", KindAny, "error[EX004]"},
		{"exten matches exten", KindBool, "error[EX004]: the pattern of 'matches'"},
		{"exten matches '['", KindBool, "error[EX"},
		{"string($env)", KindAny, "error[EX004]: $env"},
		{"$env['exten']", KindAny, "error[EX004]: $env"},
		{"now()", KindAny, "error[EX004]"},
		{"speaks(exten)", KindInt, "error[EX003]"},
		{"speaks(exten, n)", KindInt, "error[EX003]"},
		{"n" + strings.Repeat("+n", 600), KindInt, "error[EX004]"},
		{strings.Repeat("(", 900) + "n" + strings.Repeat(")", 900), KindInt, ""},
	} {
		var l diag.List
		_, ok := Compile(diag.TextAt(diag.Pos{File: "a.yaml", Line: 5, Col: 10}, c.src), testEnv(), c.want, &l)
		if c.find == "" {
			continue
		}
		if ok || l.Len() == 0 || !strings.Contains(l.All()[0].String(), c.find) {
			t.Errorf("%.40s: got %v, want %s", c.src, l.All(), c.find)
		}
	}
}

func TestTemplateIsNeverEvaluatedTwice(t *testing.T) {
	vars := testVars()
	vars["exten"] = "${caller.region}"
	for _, c := range []struct {
		src, want string
		kind      Kind
	}{
		{"hello ${exten}!", "hello ${caller.region}!", KindString},
		{"${exten}", "${caller.region}", KindString},
		{"${n}", "3", KindInt},
		{"$${n} costs $5", "${n} costs $5", KindString},
		{"${n > 1 ? '}' : \"{\"}x", "}x", KindString},
		{"${{'a': 'b'}.a}", "b", KindAny},
		{"", "", KindString},
	} {
		var l diag.List
		tm, ok := CompileTemplate(diag.TextAt(diag.Pos{File: "a", Line: 1, Col: 1}, c.src), testEnv(), &l)
		if !ok {
			t.Errorf("%s: %v", c.src, l.All())
			continue
		}
		v, err := tm.Value(vars)
		if err != nil || v.String() != c.want || c.kind != KindAny && tm.Kind() != c.kind {
			t.Errorf("%s = %q %s %v, want %q %s", c.src, v, tm.Kind(), err, c.want, c.kind)
		}
	}
	var l diag.List
	if _, ok := CompileTemplate(diag.TextAt(diag.Pos{File: "a", Line: 2, Col: 3}, "ab ${n"), testEnv(), &l); ok || l.All()[0].Pos.Col != 6 {
		t.Errorf("open ${: %v", l.All())
	}
	if _, ok := CompileTemplate(diag.TextAt(diag.Pos{File: "a", Line: 2, Col: 3}, "é ${n} ${ nn }"), testEnv(), &l); ok || l.All()[1].Pos.Col != 13 {
		t.Errorf("position of a name inside a template: %v", l.All())
	}
}

func TestResultsAreBounded(t *testing.T) {
	vars := testVars()
	vars["exten"] = strings.Repeat("9", 3000)
	var l diag.List
	p, _ := Compile(diag.TextAt(diag.Pos{}, "exten + exten"), testEnv(), KindString, &l)
	if _, err := p.Run(vars); !errors.Is(err, ErrTooLarge) {
		t.Errorf("6,000 bytes: %v", err)
	}
	tm, _ := CompileTemplate(diag.TextAt(diag.Pos{}, "${exten}${exten}"), testEnv(), &l)
	if _, err := tm.Text(vars); !errors.Is(err, ErrTooLarge) {
		t.Errorf("6,000 bytes of template: %v", err)
	}
	p, _ = Compile(diag.TextAt(diag.Pos{}, "skills[n]"), testEnv(), KindString, &l)
	if _, err := p.Run(vars); err == nil {
		t.Error("an index out of range must be an error")
	}
}

type agent struct {
	Name   string         `expr:"name"`
	Levels map[string]int `expr:"levels"`
}

func TestStructVariables(t *testing.T) {
	env := NewEnv(map[string]Type{"agent": Struct[*agent]()}, Func2("speaks", func(a *agent, lang string) int { return a.Levels[lang] }))
	var l diag.List
	p, ok := Compile(diag.TextAt(diag.Pos{}, "agent.name != '' and speaks(agent, 'en') >= 3 and agent.levels.fr == 0"), env, KindBool, &l)
	if !ok {
		t.Fatal(l.Err())
	}
	v, err := p.Run(Vars{"agent": &agent{Name: "mei", Levels: map[string]int{"en": 3}}})
	if err != nil || !v.Bool() {
		t.Errorf("got %v %v", v, err)
	}
	if _, ok := Compile(diag.TextAt(diag.Pos{}, "agent.nam == ''"), env, KindBool, &l); ok || !strings.Contains(l.All()[0].Hint, "name") {
		t.Errorf("%v", l.All())
	}
}

func FuzzCompile(f *testing.F) {
	for _, s := range []string{"exten[1:]", "${a ${n}", "n / 0", "n % 0", "1..5", "caller.age ?? 3", "if n > 1 {2} else {3}", "let x = n; x + 1", "skills | len()", "exten[-1:]", "n ** n ** n", "$$${n}"} {
		f.Add(s)
	}
	env := testEnv()
	f.Fuzz(func(t *testing.T, src string) {
		var l diag.List
		text := diag.TextAt(diag.Pos{File: "f", Line: 1, Col: 1}, src)
		if p, ok := Compile(text, env, KindAny, &l); ok {
			if v, err := p.Run(testVars()); err == nil && len(v.String()) > 1<<20 {
				t.Errorf("%d bytes", len(v.String()))
			}
		} else if !l.HasErrors() {
			t.Error("refused without a finding")
		}
		if tm, ok := CompileTemplate(text, env, &l); ok {
			_, _ = tm.Text(testVars())
		}
	})
}

func BenchmarkCondition(b *testing.B) {
	var l diag.List
	p, _ := Compile(diag.TextAt(diag.Pos{}, "caller.region == 'TW' and n > 2"), testEnv(), KindBool, &l)
	vars := testVars()
	b.ReportAllocs()
	for b.Loop() {
		_, _ = p.Run(vars)
	}
}
