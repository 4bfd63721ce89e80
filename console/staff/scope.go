package staff

// Scope is one thing that a machine's key allows. A key has those it was made with and nothing else.
type Scope string

// The scopes. Reading and changing are apart, and so are the dialplan and the other files of the configuration: WriteConfig is as much
// as an administrator has, for people.yaml says who is one.
const (
	ReadAgents     Scope = "agents:read"
	WriteAgents    Scope = "agents:write"
	ReadQueues     Scope = "queues:read"
	WriteQueues    Scope = "queues:write"
	ReadCalls      Scope = "calls:read"
	WriteCalls     Scope = "calls:write"
	ReadCustomers  Scope = "customers:read"
	WriteCustomers Scope = "customers:write"
	AppSessions    Scope = "app_sessions"
	Events         Scope = "events"
	Webhooks       Scope = "webhooks"
	ReadReports    Scope = "reports:read"
	Recordings     Scope = "recordings"
	ReadPlan       Scope = "dialplan:read"
	WritePlan      Scope = "dialplan:write"
	ReadConfig     Scope = "config:read"
	WriteConfig    Scope = "config:write"
	ReadStatus     Scope = "status:read"
)

// Scopes lists all scopes: the one place to add one.
var Scopes = []Scope{ReadAgents, WriteAgents, ReadQueues, WriteQueues, ReadCalls, WriteCalls, ReadCustomers, WriteCustomers,
	AppSessions, Events, Webhooks, ReadReports, Recordings, ReadPlan, WritePlan, ReadConfig, WriteConfig, ReadStatus}
