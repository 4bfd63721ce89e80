package ledger

// Ratings are what callers said of calls: Sum over Given of them.
type Ratings struct {
	Given int
	Sum   float64
}

func (r *Ratings) add(c Call) {
	if c.Rated {
		r.Given++
		r.Sum += c.Rating
	}
}

// ratings are the calls that were rated.
func (b *Books) ratings() map[string]Call {
	rated := map[string]Call{}
	for _, c := range b.Rows {
		if c.Rated {
			rated[c.ID] = c
		}
	}
	return rated
}
