package node

import (
	"context"
	"time"

	"ringway/console/post"
	"ringway/store/report"
	"ringway/store/report/words"
)

// newPost makes the sender of reports by mail. A reload reaches it at its next look at the clock.
func (n *Node) newPost() *post.Post {
	maker := n.newReports()
	return post.New(post.Options{Letters: n.letters, Server: n.mailServer, Sent: n.tables, Now: n.clock.Now, Log: n.log,
		Make: func(ctx context.Context, q report.Query) (*report.Table, error) {
			return maker.Make(ctx, q, report.Viewer{}) // whoever wrote the configuration may see all
		}})
}

func (n *Node) mailServer() post.Server {
	c := n.config()
	s := c.Settings.SMTP
	return post.Server{Address: s.Server, TLS: s.TLS, User: s.User, Password: c.Secret(s.Password), From: s.From}
}

// letters are the reports by mail of the configuration in force.
func (n *Node) letters() []post.Letter {
	var out []post.Letter
	for _, m := range n.config().Settings.Reports.Mail {
		zone := n.zone()
		if m.Zone != "" {
			if z, err := time.LoadLocation(m.Zone); err == nil {
				zone = z
			}
		}
		out = append(out, post.Letter{To: m.To, Report: report.Query{Kind: m.Kind, Queue: m.Queue, Team: m.Team, Lang: words.Lang(m.Language)}, Format: m.Format,
			At: m.At, On: m.On, Span: m.Span, Zone: zone})
	}
	return out
}
