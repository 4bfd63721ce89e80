package words_test

import (
	"testing"
	"time"

	"ringway/store/report/words"
)

func TestWhichLanguageABrowserGets(t *testing.T) {
	for header, want := range map[string]words.Lang{
		"zh-TW,zh;q=0.9,en;q=0.8": words.Taiwan, "zh-Hant-HK": words.Taiwan, "zh-CN": words.Taiwan, "ja-JP": words.Japanese,
		"en-GB,ja;q=0.5": words.English, "de, ja;q=0.4, en;q=0.3": words.Japanese, "ja;q=0.2, zh-TW;q=0.7": words.Taiwan,
	} {
		if got, ok := words.Accepted(header); !ok || got != want {
			t.Errorf("%q gives %q, %v", header, got, ok)
		}
	}
	for _, header := range []string{"", "*", "de", "!?", "ja;q=x"} {
		if got, ok := words.Accepted(header); ok {
			t.Errorf("%q gives %q", header, got)
		}
	}
}

func TestWordsOfEachLanguage(t *testing.T) {
	for l, want := range map[words.Lang][]string{
		"":             {"Queues", "Japanese", "Taiwan", "lunch", "desk lost"},
		words.Taiwan:   {"佇列", "日文", "台灣", "午餐", "工作台已關閉"},
		words.Japanese: {"キュー", "日本語", "台湾", "昼食", "デスク終了"},
	} {
		for i, got := range []string{l.Say("Queues"), l.Language("ja"), l.Region("TW"), l.Reason("lunch"), l.Reason("desk_lost")} {
			if got != want[i] {
				t.Errorf("%q says %q instead of %q", l, got, want[i])
			}
		}
		if got, want := l.Language("zh-HK"), map[words.Lang]string{"": "Chinese (Hong Kong SAR China)", words.Taiwan: "中文（香港）", words.Japanese: "中国語（香港）"}[l]; got != want {
			t.Errorf("%q calls zh-HK %q", l, got)
		}
		for _, own := range []string{"–", "", "klingon-language", "Neverland"} {
			if l.Language(own) != own || l.Region(own) != own {
				t.Errorf("%q: %q became %q, %q", l, own, l.Language(own), l.Region(own))
			}
		}
	}
	_, formula, _ := words.Taiwan.Figure(words.Agent, "repeat_calls", 36*time.Hour)
	if formula != "處理進線中，客戶於 36 小時內再次來電者" {
		t.Errorf("36 hours are told as %q", formula)
	}
	for d, want := range map[time.Duration]string{7 * time.Second: "0:07", 725 * time.Second: "12:05", 3729 * time.Second: "1:02:09"} {
		if got := words.Clock(d); got != want {
			t.Errorf("%s is %s", d, got)
		}
	}
}
