package report

import "context"

// kind is one report that can be asked for.
type kind struct {
	name, title string
	maxDays     int // 0: maxDays
	make        func(ctx context.Context, j *job) error
}

// kinds is the one list of reports.
func kinds() []kind {
	return []kind{
		{"daily", "Daily report", 0, makeDaily},
		{"queues", "Queues", 0, makeQueues},
		{"agents", "Agents", 0, makeAgents},
		{"agent-day", "Agent sheets", maxSheetDays, makeSheets},
		{"teams", "Teams", 0, makeTeams},
		{"languages", "Languages", 0, makeLanguages},
		{"regions", "Regions", 0, makeRegions},
		{"intervals", "Service level and abandons by interval", maxIntervalDays, makeIntervals},
		{"heatmap", "Hours and weekdays", 0, makeHeatmap},
		{"abandoned", "Abandoned callers", maxIntervalDays, makeAbandoned},
		{"dispositions", "Dispositions", 0, makeDispositions},
	}
}

// Kinds lists the names of all reports.
func Kinds() []string {
	var out []string
	for _, k := range kinds() {
		out = append(out, k.name)
	}
	return out
}

func kindNamed(name string) (kind, bool) {
	for _, k := range kinds() {
		if k.name == name {
			return k, true
		}
	}
	return kind{}, false
}

// Title is what a report is called, "" for none.
func Title(kind string) string {
	k, _ := kindNamed(kind)
	return k.title
}
