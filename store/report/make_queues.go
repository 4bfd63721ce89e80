package report

import (
	"context"

	"ringway/store/ledger"
	"ringway/store/report/words"
)

// groupRows fills the main table with one row per group of visits and a total. param is the drill's name of the group.
func (j *job) groupRows(sums queueSums, param string) {
	t, v := j.table, j.of(words.Queue)
	t.Section.cells(j.chosen(whole(&ledger.QueueTally{})), v) // the columns, also of an empty report
	for _, name := range sums.names() {
		if param == "queue" && j.Queue != "" && j.Queue != name {
			continue
		}
		figures := j.chosen(whole(sums[name]))
		drills := queueDrills(j.span, newDrill(groupParam(param, name)...))
		t.Section.put(Row{Key: name, Label: j.groupName(param, name), Drill: drills["offered"], Drills: drills}, figures, v)
	}
	total, subject := sums.total(), newDrill()
	if param == "queue" && j.Queue != "" {
		subject = newDrill("queue", j.Queue)
		if total = sums[j.Queue]; total == nil {
			total = &ledger.QueueTally{}
		}
	}
	t.Section.sum(j.chosen(whole(total)), queueDrills(j.span, subject), v)
}

// groupParam asks for a group; an unnamed one by a dash, as empty conditions select all.
func groupParam(param, name string) []string {
	if name == ledger.Unnamed {
		name = "-"
	}
	return []string{param, name}
}

// groupName is what a group is called: languages and regions by their names.
func (j *job) groupName(param, name string) string {
	switch param {
	case "language":
		return j.Lang.Language(name)
	case "region":
		return j.Lang.Region(name)
	}
	return name
}

// volume is the chart of how many came and what became of them.
func (j *job) volume(title, x string) Chart {
	return Chart{Kind: "bar", Title: title, X: x, Series: j.of(words.Queue).series("answered", "abandoned", "flow_out")}
}

func (j *job) level(kind, title, x string) Chart {
	return Chart{Kind: kind, Title: title, X: x, Series: j.of(words.Queue).series(j.settings.Default)}
}

func makeQueues(ctx context.Context, j *job) error {
	sums, err := j.queueSums(ctx, ledger.ByQueue)
	if err != nil {
		return err
	}
	j.groupRows(sums, "queue")
	j.table.Charts = []Chart{j.volume(j.say("Visits by queue"), "queue"), j.level("bar", j.say("Service level by queue"), "queue")}
	return nil
}

func makeLanguages(ctx context.Context, j *job) error {
	sums, err := j.queueSums(ctx, ledger.ByLanguage)
	if err != nil {
		return err
	}
	j.groupRows(sums, "language")
	j.table.Charts = []Chart{j.volume(j.say("Visits by language"), "language"), j.level("bar", j.say("Service level by language"), "language")}
	return nil
}

func makeRegions(ctx context.Context, j *job) error {
	sums, err := j.queueSums(ctx, ledger.ByRegion)
	if err != nil {
		return err
	}
	j.groupRows(sums, "region")
	j.table.Charts = []Chart{j.volume(j.say("Visits by region"), "region"), j.level("bar", j.say("Service level by region"), "region")}
	return nil
}
