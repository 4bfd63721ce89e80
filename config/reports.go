package config

import "time"

// Reports are the company's choices for figures.
type Reports struct {
	ServiceLevels []string      `yaml:"service_levels"` // formulas shown side by side
	Default       string        `yaml:"default"`        // the one of charts and the board; unset: the first
	RepeatWindow  time.Duration `yaml:"repeat_window"`  // a customer's next call within it is a repeat
	Mail          []ReportMail  `yaml:"mail"`           // reports sent by mail, day by day
}

// ReportMail is a report that goes out by mail.
type ReportMail struct {
	To       []string `yaml:"to"`       // addresses
	Kind     string   `yaml:"kind"`     // as in GET /api/v1/reports/KIND
	At       string   `yaml:"at"`       // "07:00", on the zone's clock
	On       string   `yaml:"on"`       // every day, or mon … sun
	Span     string   `yaml:"span"`     // day | week | month: the last whole one
	Zone     string   `yaml:"zone"`     // unset: the company's
	Format   string   `yaml:"format"`   // csv | xlsx | print
	Queue    string   `yaml:"queue"`    // only this one
	Team     string   `yaml:"team"`     // only this one's people
	Language string   `yaml:"language"` // en | zh-TW | ja; unset: en
}

// SMTP is the mail server that mails are handed to.
type SMTP struct {
	Server   string `yaml:"server"`   // "mail.example.org:587"; unset: no mail
	TLS      string `yaml:"tls"`      // starttls | tls | none
	User     string `yaml:"user"`     // unset: without log-in
	Password Secret `yaml:"password"` //
	From     string `yaml:"from"`     // sender's address
}
