package node

import (
	"fmt"

	"ringway/acd"
	"ringway/config"
)

// people and queues describe what a specification says, for the comparison of two: printed, because maps print in order
// and compiled expressions can't be compared.
func people(c *config.Config) map[string]string {
	out := map[string]string{}
	for _, p := range c.Spec.People {
		out[p.ID] = fmt.Sprint(p.Name, p.Team, p.Teams, p.Role, p.Login, p.Pin, p.Languages, p.Skills, p.Regions, p.Zone, p.Robot, p.Phones, p.Shifts, p.DaysOff)
	}
	return out
}

func queueWords(c *config.Config) map[string]string {
	out := map[string]string{}
	for _, q := range c.Spec.Queues {
		text := fmt.Sprint(q.Number, source(q.Members), source(q.Need), q.Music, q.RankName, q.RingAll, q.Offer, q.RingTime, q.WrapUp, q.MaxWait,
			q.MaxLength, q.WrapUpExtension, q.Dispositions, q.JoinEmpty, q.LeaveEmpty, q.RequireShift, q.ServiceLevel, q.ShortAbandon, q.Announce, q.ExitKeys, q.Recording, q.Misses)
		for _, s := range q.Steps {
			text += fmt.Sprint(s.After, source(s.Want))
		}
		for _, r := range q.Rank {
			text += fmt.Sprint(r.Key, r.Desc)
			if r.Expr != nil {
				text += r.Expr.Source
			}
		}
		out[q.Name] = text
	}
	return out
}

func source(p *acd.Predicate) string {
	if p == nil {
		return ""
	}
	return p.Source
}
