package acd

// strategies is the one ordered list: adding one takes its own file and a line here.
var strategies = []Strategy{
	mostCapable,
	longestIdle,
	fewestCalls,
	leastTalk,
	roundRobin,
	random,
	linear,
}

// keys are the comparisons that a rank may name, by name.
var keys = keyTable(
	languageKey, skillsKey, regionKey, zoneKey,
	idleKey,
	callsKey,
	talkKey,
	turnKey,
	drawKey,
	orderKey,
)

func keyTable(list ...Key) map[string]Key {
	m := make(map[string]Key, len(list))
	for _, k := range list {
		m[k.Name] = k
	}
	return m
}

// Strategies lists the named ranks in their order, for documentation.
func Strategies() []Strategy { return append([]Strategy(nil), strategies...) }

// KeyNames lists the keys of a rank, sorted.
func KeyNames() []string { return sortedKeys(keys) }

func strategyNamed(name string) (Strategy, bool) {
	for _, s := range strategies {
		if s.Name == name {
			return s, true
		}
	}
	return Strategy{}, false
}

// StrategyNames lists the ranks that have a name.
func StrategyNames() []string {
	var names []string
	for _, s := range strategies {
		names = append(names, s.Name)
	}
	return names
}
