package store

import "time"

// ClosedDay is what the daily report said of a day when it closed. It is kept once and never changed.
type ClosedDay struct {
	Date    string // as in 2026-03-02
	Zone    string // the time zone the day is of
	Closed  time.Time
	Figures []ClosedFigure
}

// ClosedFigure is one figure of a closed day. Value is nil where its formula had none.
type ClosedFigure struct {
	Kind, Name, Figure string // of the sheet, and the formula's name
	Value              *float64
}
