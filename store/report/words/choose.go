package words

import (
	"slices"

	"golang.org/x/text/language"
)

// Named finds a language by its name.
func Named(name string) (Lang, bool) {
	return Lang(name), slices.Contains(Langs(), name)
}

var matcher = language.NewMatcher([]language.Tag{language.English, language.MustParse("zh-TW"), language.Japanese, language.Chinese, language.SimplifiedChinese})

// Accepted chooses by an Accept-Language header (RFC 9110 §12.5.4); ok is false where it asks for nothing that we have.
func Accepted(header string) (Lang, bool) {
	asked, _, err := language.ParseAcceptLanguage(header)
	if err != nil || len(asked) == 0 {
		return English, false
	}
	_, index, confidence := matcher.Match(asked...)
	if confidence == language.No || len(asked) == 1 && asked[0] == language.Make("mul") {
		return English, false
	}
	return []Lang{English, Taiwan, Japanese, Taiwan, Taiwan}[index], true
}
