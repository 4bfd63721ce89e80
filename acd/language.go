package acd

import (
	"strings"
	"time"

	"ringway/store"
)

// Caller is what expressions see as caller.
type Caller struct {
	Language string         `expr:"language"`
	Region   string         `expr:"region"`
	Zone     string         `expr:"zone"`
	Skills   map[string]int `expr:"skills"`
	Priority int            `expr:"priority"` // head start in seconds
}

// caller is a profile prepared for matching.
type caller struct {
	Caller
	profile store.Profile
	langs   []string // the tag and its fallbacks, lower case: zh-tw, zh
	region  string
	zone    *time.Location // nil where unknown
}

func newCaller(p store.Profile) *caller {
	c := &caller{profile: p, langs: fallbacks(p.Language), region: strings.ToUpper(p.Region)}
	c.Caller = Caller{Language: p.Language, Region: p.Region, Zone: p.Zone, Skills: p.Skills, Priority: int(p.Priority / time.Second)}
	if c.Skills == nil {
		c.Skills = map[string]int{}
	}
	c.zone = zoneNamed(p.Zone)
	return c
}

// zoneNamed loads an IANA zone; nil where the name is empty or unknown, which is level 0 and never an error.
func zoneNamed(name string) *time.Location {
	if name == "" || name == "Local" {
		return nil
	}
	loc, err := time.LoadLocation(name)
	if err != nil {
		return nil
	}
	return loc
}

// fallbacks lists a BCP 47 tag and what RFC 4647 §3.4 falls back to: zh-Hant-TW → zh-hant-tw, zh-hant, zh. A single
// letter before the cut goes with it.
func fallbacks(tag string) []string {
	tag = strings.ToLower(strings.ReplaceAll(tag, "_", "-"))
	var out []string
	for tag != "" {
		out = append(out, tag)
		cut := strings.LastIndexByte(tag, '-')
		if cut < 0 {
			break
		}
		tag = tag[:cut]
		if n := len(tag); n > 2 && tag[n-2] == '-' {
			tag = tag[:n-2]
		}
	}
	return out
}

// speaks is the level of the caller's language: of the tag itself, then of its fallbacks. A caller who names only the
// language (zh) is content with any variant of it (zh-TW). Missing is 0.
func (p *Person) speaks(langs []string) int {
	for _, tag := range langs {
		if level, ok := p.langs[tag]; ok {
			return level
		}
	}
	if len(langs) != 1 {
		return 0
	}
	best := 0
	for tag, level := range p.langs {
		if strings.HasPrefix(tag, langs[0]) && len(tag) > len(langs[0]) && tag[len(langs[0])] == '-' {
			best = max(best, level)
		}
	}
	return best
}

// skillSum adds the levels of the wanted skills.
func (p *Person) skillSum(wanted map[string]int) int {
	sum := 0
	for name := range wanted {
		sum += p.Skills[name]
	}
	return sum
}

// suits tells whether every wanted skill is there at the wanted level.
func (p *Person) suits(wanted map[string]int) bool {
	for name, least := range wanted {
		if p.Skills[name] < least {
			return false
		}
	}
	return true
}

// noGap stands for a gap that cannot be told, worse than every real one.
const noGap = 24 * 60

// offsetAt is the difference of a zone to UTC at an instant, in minutes.
func offsetAt(zone *time.Location, now time.Time) int {
	_, seconds := now.In(zone).Zone()
	return seconds / 60
}

// gap is the difference of two offsets in minutes.
func gap(a, b int) int {
	if a > b {
		return a - b
	}
	return b - a
}
