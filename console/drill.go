package console

// DrillInput are the conditions with which the figures of reports lead to what is behind them: on one stay in a queue, or one offer,
// of the call. report.ReadDrill reads them; here they are declared, so that the description has them and others are refused.
type DrillInput struct {
	ID         string `query:"call" maxLength:"64" doc:"this call alone"`
	Open       string `query:"open" maxLength:"8" doc:"true: calls that are not over"`
	Identified string `query:"identified" maxLength:"8" doc:"yes: calls of known customers"`
	Team       string `query:"team" maxLength:"64" doc:"stays, offers and calls of this team's people; - of those in no team, * of all"`
	UpFrom     string `query:"up_from" maxLength:"40" doc:"calls that were up at some moment from then on"`
	UpTo       string `query:"up_to" maxLength:"40"`
	Placed     string `query:"placed_by" maxLength:"64" doc:"calls that this agent placed; * for any"`
	AnswerFrom string `query:"answered_from" maxLength:"40" doc:"calls that were answered then or later"`
	AnswerTo   string `query:"answered_to" maxLength:"40"`
	Again      string `query:"again_within" maxLength:"20" doc:"calls after which the same customer called again within so long, as in 168h"`

	EnteredFrom   string `query:"entered_from" maxLength:"40" doc:"a stay began then or later"`
	EnteredTo     string `query:"entered_to" maxLength:"40"`
	LeftFrom      string `query:"left_from" maxLength:"40" doc:"a stay ended then or later"`
	LeftTo        string `query:"left_to" maxLength:"40"`
	ConnectedFrom string `query:"connected_from" maxLength:"40" doc:"a stay came to a conversation then or later"`
	ConnectedTo   string `query:"connected_to" maxLength:"40"`
	DuringFrom    string `query:"during_from" maxLength:"40" doc:"a stay was in the part that share is about, at some moment from then on"`
	DuringTo      string `query:"during_to" maxLength:"40"`
	Served        string `query:"served_by" maxLength:"64" doc:"a stay came to this agent"`
	Result        string `query:"result" maxLength:"32" doc:"how a stay ended"`
	EndReason     string `query:"end_reason" maxLength:"32" doc:"how the conversation of a stay ended"`
	ByTransfer    string `query:"by_transfer" maxLength:"8" doc:"yes: stays that began with a transfer"`
	Within        string `query:"within" maxLength:"8" doc:"yes: stays that ended within the queue's time for the service level"`
	Short         string `query:"short" maxLength:"8" doc:"yes: short abandons"`
	Language      string `query:"language" maxLength:"35" doc:"of the caller of the stay or offer"`
	Region        string `query:"region" maxLength:"64" doc:"of the caller of the stay or offer"`
	Clock         string `query:"clock" maxLength:"8" doc:"an hour of a weekday on the clock of zone, as in Mon-09"`
	Zone          string `query:"zone" maxLength:"64" doc:"IANA time zone of clock"`

	SaidFrom string `query:"said_from" maxLength:"40" doc:"an agent said then or later what the call was about"`
	SaidTo   string `query:"said_to" maxLength:"40"`
	Said     string `query:"said" maxLength:"64" doc:"this disposition"`
	SaidSub  string `query:"said_sub" maxLength:"64" doc:"and this one below it"`
	SaidBy   string `query:"said_by" maxLength:"64" doc:"by this agent"`

	OfferedFrom  string `query:"offered_from" maxLength:"40" doc:"an offer began then or later"`
	OfferedTo    string `query:"offered_to" maxLength:"40"`
	OfferedAgent string `query:"offered_agent" maxLength:"64" doc:"an offer to this agent"`
	Outcome      string `query:"outcome" maxLength:"32" doc:"what came of the offer"`

	Share string `query:"share" maxLength:"32" doc:"what each row has in a sum: wait, talk, hold, wrap_up, handling, rating, or a sum of time as talk_time"`
}
