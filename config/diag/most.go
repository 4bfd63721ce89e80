package diag

// most is how many errors, and how many warnings, a List keeps: a text of a megabyte in which everything is wrong would else make
// an answer of forty.
const most = 1000

// CodeMore stands for the findings that are not listed.
const CodeMore = "YAML007"

// left tells how many findings are not listed.
func left(errors, warnings int) Finding {
	if errors == 0 {
		return Doubtful(Pos{}, CodeMore, "mend these first", "%d more findings are not listed", warnings)
	}
	return Wrong(Pos{}, CodeMore, "mend these first", "%d more findings are not listed", errors+warnings)
}
