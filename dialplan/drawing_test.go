package dialplan_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"ringway/config/diag"
	"ringway/dialplan"
	"ringway/dialplan/apps"
)

const drawn = `contexts:
  in:
    include: [{context: night, hours: "18:00-09:00"}, other]
    extensions:
      help:
        - answer
        - if: "language == 'ja'"
          then: [{playback: hello}]
          else: [{goto: "other,700,"}]
        - label: ask
          background: [welcome, menu]
          when: "digits == ''"
        - queue: help
          on: {timeout: "other,700,", full: ask}
        - gosub: "other,sub,"
        - goto_if: {when: "exten == 'x'", then: ask}
        - goto: {context: other, exten: "${digits}"}
      i: [hangup]
      _9XX: [busy]
  night:
    extensions:
      help: [hangup]
  other:
    extensions:
      "700": [congestion]
      sub: [return]
`

func TestDrawing(t *testing.T) {
	var l diag.List
	p := dialplan.Load([]dialplan.File{{Name: "dialplan/a.yaml", Data: []byte(drawn)}}, dialplan.LoadOptions{Apps: apps.All()}, &l)
	if p == nil {
		t.Fatal(l.All())
	}
	d := p.Draw()
	var got []string
	for _, c := range d.Contexts {
		got = append(got, fmt.Sprintf("%s %s", c.ID, c.Pos))
	}
	for _, x := range d.Extensions {
		got = append(got, fmt.Sprintf("%s (%s) %s", x.ID, x.Kind, x.Pos))
		for _, s := range x.Steps {
			got = append(got, strings.TrimRight(fmt.Sprintf("  %s%s [%s] {%s} %s %s", strings.Repeat("  ", s.Depth), s.Name, s.Label, s.When, s.Pos, s.Text), " "))
		}
	}
	want := `context in dialplan/a.yaml:2:3
context night dialplan/a.yaml:20:3
context other dialplan/a.yaml:23:3
extension in,help (number) dialplan/a.yaml:5:7
  answer [] {} dialplan/a.yaml:6:11
  if [] {} dialplan/a.yaml:7:11 language == 'ja'
    playback [] {} dialplan/a.yaml:8:19 hello
    goto [] {} dialplan/a.yaml:9:19 other,700,
  background [ask] {digits == ''} dialplan/a.yaml:11:11 welcome, menu
  queue [] {} dialplan/a.yaml:13:11 help
  gosub [] {} dialplan/a.yaml:15:11 other,sub,
  goto_if [] {} dialplan/a.yaml:16:11 when: exten == 'x', then: ask
  goto [] {} dialplan/a.yaml:17:11 context: other, exten: ${digits}
extension in,i (special) dialplan/a.yaml:18:7
  hangup [] {} dialplan/a.yaml:18:11
extension in,_9XX (pattern) dialplan/a.yaml:19:7
  busy [] {} dialplan/a.yaml:19:14
extension night,help (number) dialplan/a.yaml:22:7
  hangup [] {} dialplan/a.yaml:22:14
extension other,700 (number) dialplan/a.yaml:25:8
  congestion [] {} dialplan/a.yaml:25:15
extension other,sub (number) dialplan/a.yaml:26:7
  return [] {} dialplan/a.yaml:26:13`
	if text := strings.Join(got, "\n"); text != want {
		t.Errorf("%s", text)
	}
	var edges []string
	for _, e := range d.Edges {
		edges = append(edges, fmt.Sprintf("%s -%s %s-> %s", e.From, e.Kind, e.Label, e.To))
	}
	wantEdges := []string{
		"context in -include 18:00-09:00 UTC-> context night",
		"context in -include -> context other",
		"step in,help,1 -next -> step in,help,2",
		"step in,help,2 -branch then-> step in,help,3",
		"step in,help,2 -branch else-> step in,help,4",
		"step in,help,3 -next -> step in,help,5",
		"step in,help,4 -goto -> extension other,700",
		"step in,help,5 -typed what is typed-> context in",
		"step in,help,5 -next -> step in,help,6",
		"step in,help,6 -result full-> step in,help,5",
		"step in,help,6 -result timeout-> extension other,700",
		"step in,help,6 -next -> step in,help,7",
		"step in,help,7 -gosub -> extension other,sub",
		"step in,help,7 -next -> step in,help,8",
		"step in,help,8 -branch then-> step in,help,5",
		"step in,help,8 -next -> step in,help,9",
		"step in,help,9 -goto -> context other",
	}
	if !slices.Equal(edges, wantEdges) {
		t.Errorf("%s", strings.Join(edges, "\n"))
	}
}
