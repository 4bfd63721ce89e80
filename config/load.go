package config

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"time"

	"ringway/acd"
	"ringway/config/diag"
	"ringway/dialplan"
	"ringway/dialplan/apps"
)

// The files of a configuration folder. Only the first is required.
const (
	settingsFile   = "ringway.yaml"
	peopleFile     = "people.yaml"
	queuesFile     = "queues.yaml"
	dialplanFolder = "dialplan"
)

// Config is one checked configuration. It is immutable.
type Config struct {
	Dir      string
	Version  string // hash over all files: what records name
	Settings Settings
	Plan     *dialplan.Plan
	Handover *dialplan.Plan // where a caller goes on who is handed to a queue: HandoverContext, the queue's name
	Spec     *acd.Spec
	Sounds   *Sounds
	Files    map[string]string // what it was read from, by path with slashes: not to be changed

	secrets map[Secret]string
	at      map[string]diag.Pos
}

// Pos is where a key of ringway.yaml stands, as "codecs" or "limits.transactions". One that is not written is where the
// mapping that it belongs to stands, or the beginning of the file.
func (c *Config) Pos(key string) diag.Pos {
	for key != "" {
		if p, ok := c.at[key]; ok {
			return p
		}
		key = key[:max(strings.LastIndex(key, "."), 0)]
	}
	return diag.Pos{File: settingsFile, Line: 1, Col: 1}
}

// Secret is the plain text of a secret that stands in Settings, "" for a hashed one. Load has read them all.
func (c *Config) Secret(s Secret) string { return c.secrets[s] }

// folder is the text of a configuration folder, as read.
type folder struct {
	dir   string
	over  Overlay
	files map[string][]byte // path with slashes, relative to dir
	l     *diag.List
}

// Overlay lays texts over the files of a folder, by path with slashes; nil stands for a file that is not there.
type Overlay map[string]*string

// IsFile tells whether a path, with slashes, is that of a file that belongs to a configuration. Secrets and sounds do not.
func IsFile(name string) bool {
	if in, ok := strings.CutPrefix(name, dialplanFolder+"/"); ok {
		return isPlanFile(in) && !strings.ContainsAny(in, "/\\\x00")
	}
	return name == settingsFile || name == peopleFile || name == queuesFile
}

func isPlanFile(name string) bool {
	return !strings.HasPrefix(name, ".") && (strings.HasSuffix(name, ".yaml") || strings.HasSuffix(name, ".yml"))
}

// Load reads and checks the folder dir. The findings are complete whether or not there is a Config; it is nil exactly when
// they hold an error. The second result shows the source lines of findings to diag.Render.
func Load(dir string) (*Config, *diag.List, func(file string) []byte) { return LoadOver(dir, nil) }

// LoadOver is Load with texts that need not be on the disk.
func LoadOver(dir string, over Overlay) (*Config, *diag.List, func(file string) []byte) {
	f := &folder{dir: dir, over: over, files: map[string][]byte{}, l: &diag.List{}}
	f.read()
	source := func(file string) []byte { return f.files[file] }
	if f.l.HasErrors() {
		return nil, f.l, source
	}
	c := f.compile()
	if f.l.HasErrors() {
		return nil, f.l, source
	}
	return c, f.l, source
}

// read takes in all files that belong to a configuration.
func (f *folder) read() {
	if info, err := os.Stat(f.dir); err != nil || !info.IsDir() {
		f.l.Errorf(diag.Pos{File: f.dir}, codeFile, "make one with 'ringway init DIR'", "there is no folder of this name")
		return
	}
	f.file(settingsFile, true)
	f.file(peopleFile, false)
	f.file(queuesFile, false)
	entries, err := os.ReadDir(filepath.Join(f.dir, dialplanFolder))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		f.l.Errorf(diag.Pos{File: dialplanFolder}, codeFile, "", "cannot be read: %v", err)
	}
	for _, e := range entries {
		if _, laid := f.over[dialplanFolder+"/"+e.Name()]; !laid && !e.IsDir() && isPlanFile(e.Name()) {
			f.file(dialplanFolder+"/"+e.Name(), true)
		}
	}
	for name, text := range f.over {
		if text != nil && strings.HasPrefix(name, dialplanFolder+"/") {
			f.files[name] = []byte(*text)
		}
	}
}

func (f *folder) file(name string, required bool) {
	if text, laid := f.over[name]; laid {
		if text != nil {
			f.files[name] = []byte(*text)
		} else if required {
			f.l.Errorf(diag.Pos{File: name}, codeFile, "", "the file is missing in %s", f.dir)
		}
		return
	}
	text, err := readBounded(filepath.Join(f.dir, filepath.FromSlash(name)), maxText)
	switch {
	case errors.Is(err, fs.ErrNotExist) && !required:
	case errors.Is(err, fs.ErrNotExist):
		f.l.Errorf(diag.Pos{File: name}, codeFile, "make a folder of them with 'ringway init DIR'", "the file is missing in %s", f.dir)
	case err != nil:
		f.l.Errorf(diag.Pos{File: name}, codeFile, "", "cannot be read: %v", err)
	default:
		f.files[name] = text
	}
}

// version is a hash over names and texts.
func (f *folder) version() string {
	h := sha256.New()
	for _, name := range f.names("") {
		h.Write([]byte(name + "\x00" + string(f.files[name]) + "\x00"))
	}
	return hex.EncodeToString(h.Sum(nil))[:12]
}

// Texts reads the files of a folder without checking them, and the version that Load would give them.
func Texts(dir string) (files map[string]string, version string, err error) {
	f := &folder{dir: dir, files: map[string][]byte{}, l: &diag.List{}}
	if f.read(); f.l.HasErrors() {
		return nil, "", f.l.Err()
	}
	files = map[string]string{}
	for n, text := range f.files {
		files[n] = string(text)
	}
	return files, f.version(), nil
}

func (f *folder) names(prefix string) []string {
	var out []string
	for n := range f.files {
		if strings.HasPrefix(n, prefix) {
			out = append(out, n)
		}
	}
	sort.Strings(out)
	return out
}

// compile turns the texts into a Config, and reports what does not fit together.
func (f *folder) compile() *Config {
	r := &reader{at: map[string]diag.Pos{}, l: f.l}
	root, _ := diag.ParseYAML(settingsFile, f.files[settingsFile], f.l)
	c := &Config{Dir: f.dir, Version: f.version(), Settings: r.settings(root), secrets: map[Secret]string{}, at: r.at}
	c.Sounds = NewSounds(filepath.Join(f.dir, c.Settings.Prompts.Folder), c.Settings.Prompts.Language)
	c.Spec = acd.LoadSpec(
		acd.File{Name: queuesFile, Text: f.files[queuesFile]},
		acd.File{Name: peopleFile, Text: f.files[peopleFile]}, f.l).WithVersion(c.Version)
	var files []dialplan.File
	for _, n := range f.names(dialplanFolder + "/") {
		files = append(files, dialplan.File{Name: n, Data: f.files[n]})
	}
	c.Handover = handover()
	c.Plan = dialplan.Load(files, dialplan.LoadOptions{
		Apps:     apps.All(),
		Prompts:  c.Sounds.Prompts(),
		Music:    c.Sounds.Music(),
		Queues:   queueNames(c.Spec),
		Trunks:   keys(c.Settings.Trunks),
		Accounts: keys(c.Settings.Accounts),
		Entries:  entries(c.Settings),
		Zone:     zone(c.Settings.Zone),
	}, f.l)
	c.Files = map[string]string{}
	for n, text := range f.files {
		c.Files[n] = string(text)
	}
	k := &checker{reader: r, c: c, contexts: f.contexts()}
	k.all()
	return c
}

// queueNames are the names and numbers under which a dialplan may speak of queues.
func queueNames(s *acd.Spec) []string {
	out := []string{}
	if s == nil {
		return out
	}
	for _, q := range s.Queues {
		out = append(out, q.Name)
		if q.Number != "" {
			out = append(out, q.Number)
		}
	}
	return out
}

func keys[T any](m map[string]T) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	sort.Strings(out)
	return out
}

// entries are the contexts in which calls begin.
func entries(s Settings) []string {
	seen := map[string]bool{}
	for _, a := range s.Accounts {
		seen[a.Context] = true
	}
	for _, d := range s.AppDomains {
		seen[d.Context] = true
	}
	for _, t := range s.Trunks {
		seen[t.Context] = true
	}
	delete(seen, "")
	return keys(seen)
}

// contexts lists what the dialplan defines, from its text alone: a Plan with errors knows nothing.
func (f *folder) contexts() map[string]bool {
	out := map[string]bool{}
	for _, n := range f.names(dialplanFolder + "/") {
		var ignored diag.List // the dialplan's own reading reports them
		root, _ := diag.ParseYAML(n, f.files[n], &ignored)
		for _, e := range root.Mapping().Field("contexts").Mapping().Entries() {
			out[e.Name()] = true
		}
	}
	return out
}

// zone is the company's time zone, which the reader has checked.
func zone(name string) *time.Location {
	l, err := time.LoadLocation(name)
	if err != nil {
		return time.UTC
	}
	return l
}
