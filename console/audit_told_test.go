package console

import (
	"fmt"
	"testing"
)

// What stands in the record of who did what can be told in other languages, also where a count goes before it.
func TestDetailsAreTakenApart(t *testing.T) {
	for detail, want := range map[string]string{
		"call kr7c":                            "[did_call map[call:kr7c] call kr7c]",
		"reason lunch":                         "[did_reason map[reason:lunch] reason lunch]",
		"v1 → v2: Longer":                      "[did_apply map[comment:Longer from:v1 to:v2] v1 → v2: Longer]",
		"v1 → v2: ":                            "[did_apply_bare map[from:v1 to:v2] v1 → v2:]",
		"c-1001":                               "",
		"3 more since 09:15:00; of many kinds": "[did_more map[n:3 time:09:15:00] 3 more since 09:15:00][did_many map[] of many kinds]",
		"3 more since 09:15:00; ":              "[did_more map[n:3 time:09:15:00] 3 more since 09:15:00]",
		"3 more since 09:15:00; c-1001":        "[did_more map[n:3 time:09:15:00] 3 more since 09:15:00][ map[] c-1001]",
		"capture x of account sam for 60 s":    "[did_capture map[capture:x kind:account n:60 value:sam] capture x of account sam for 60 s]",
		"POST from https://evil.example; told otherwise": "[did_site map[method:POST origin:https://evil.example; told otherwise] POST from https://evil.example; told otherwise]",
	} {
		got := ""
		for _, x := range told(detail) {
			got += fmt.Sprintf("[%s %v %s]", x.Code, x.Params, x.Text)
		}
		if got != want {
			t.Errorf("%q: %s, want %s", detail, got, want)
		}
	}
}
