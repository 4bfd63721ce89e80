package config

import (
	"net/netip"
	"time"
)

// Defaults is what an empty ringway.yaml means.
func Defaults() Settings {
	return Settings{
		Node: "ringway",
		Zone: "UTC",
		Listeners: []Listener{
			{Protocol: "udp", Address: netip.MustParseAddrPort("0.0.0.0:5060")},
			{Protocol: "tcp", Address: netip.MustParseAddrPort("0.0.0.0:5060")},
		},
		Realm:  "ringway",
		RTP:    RTP{Ports: "16384-32767", Timeout: 30 * time.Second}, // no hang_up: a muted phone may be silent long, probing decides
		Codecs: []string{"opus", "G722", "PCMU", "PCMA"},
		Limits: Limits{
			Calls:        2000,
			CallDuration: 4 * time.Hour,
			Transactions: 50000,
			Contacts:     5,
			MinExpires:   time.Minute,
			MaxExpires:   time.Hour,
		},
		Database: Database{Driver: "sqlite", Path: "ringway.db"},
		Auth:     Auth{Algorithms: []string{"MD5"}},
		Console:  Console{Listen: "127.0.0.1:8080", SessionHours: 12, PerSource: 2048},
		Audit:    Audit{Retention: 365 * 24 * time.Hour},
		Reports:  Reports{ServiceLevels: []string{"service_level"}, RepeatWindow: 7 * 24 * time.Hour},
		SMTP:     SMTP{TLS: "starttls"},
		Prompts:  Prompts{Folder: "prompts", Language: "en"},
		Log:      Log{Level: "info"},

		Recording: Recording{Retention: 90 * 24 * time.Hour},
		CRM:       CRM{Timeout: 800 * time.Millisecond, Cache: 5 * time.Minute},
	}
}

// defaultLifetime is how long an app credential may live when the domain does not say.
const defaultLifetime = 24 * time.Hour
