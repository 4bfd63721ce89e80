package store

import "time"

// WallToken lets a screen on the wall read the board without log-in. The token itself is not kept.
type WallToken struct {
	ID      string
	Hash    string // SHA-256 of the token
	Label   string // where the screen is
	By      string // who made it
	Teams   []string
	All     bool // it shows the people of all teams
	Created time.Time
	Revoked time.Time // zero while it holds
	Used    time.Time // when a screen showed the board with it last, to the minute; zero for never
}
