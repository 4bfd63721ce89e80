package apps

import (
	"ringway/config/expr"
	"ringway/dialplan"
)

// playOf evaluates prompt names and their language.
func playOf(r *dialplan.Run, files []*expr.Template, language *expr.Template) (dialplan.Play, error) {
	names, err := r.Texts(files)
	if err != nil {
		return dialplan.Play{}, err
	}
	lang, err := r.Text(language)
	if lang == "" {
		lang = r.Language()
	}
	return dialplan.Play{Files: names, Language: lang}, err
}
