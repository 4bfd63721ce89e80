-- Instants are UTC microseconds since 1970, NULL where there is none. Durations are nanoseconds.

-- +goose Up
-- +goose StatementBegin
CREATE TABLE boots (
    id   INTEGER PRIMARY KEY,
    node TEXT NOT NULL,
    boot TEXT NOT NULL,
    UNIQUE (node, boot)
);

CREATE TABLE events (
    boot   INTEGER NOT NULL REFERENCES boots (id),
    seq    INTEGER NOT NULL,
    at     INTEGER NOT NULL,
    kind   TEXT NOT NULL,
    call   TEXT NOT NULL DEFAULT '',
    leg    TEXT NOT NULL DEFAULT '',
    visit  TEXT NOT NULL DEFAULT '',
    offer  TEXT NOT NULL DEFAULT '',
    queue  TEXT NOT NULL DEFAULT '',
    agent  TEXT NOT NULL DEFAULT '',
    state  TEXT NOT NULL DEFAULT '',
    reason TEXT NOT NULL DEFAULT '',
    data   TEXT, -- JSON object
    PRIMARY KEY (boot, seq)
) WITHOUT ROWID;
CREATE INDEX events_at ON events (at);
CREATE INDEX events_call ON events (call) WHERE call <> '';
CREATE INDEX events_agent ON events (agent, at) WHERE kind = 'agent.state';
CREATE INDEX events_node ON events (at) WHERE kind IN ('node.start', 'node.stop');

CREATE TABLE calls (
    id TEXT PRIMARY KEY, parent TEXT NOT NULL, node TEXT NOT NULL, kind TEXT NOT NULL, sip_id TEXT NOT NULL,
    caller_name TEXT NOT NULL, caller_number TEXT NOT NULL, customer TEXT NOT NULL, booking TEXT NOT NULL,
    language TEXT NOT NULL, region TEXT NOT NULL, zone TEXT NOT NULL, account TEXT NOT NULL, trunk TEXT NOT NULL,
    context TEXT NOT NULL, dialled TEXT NOT NULL, plan_version TEXT NOT NULL,
    started INTEGER, answered INTEGER, ended INTEGER,
    disposition TEXT NOT NULL, cause TEXT NOT NULL, status INTEGER NOT NULL, q850 INTEGER NOT NULL,
    ended_by TEXT NOT NULL, failed_step TEXT NOT NULL, last_step TEXT NOT NULL, codec TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX calls_started ON calls (started, id);
CREATE INDEX calls_ended ON calls (ended);
CREATE INDEX calls_customer ON calls (customer, started) WHERE customer <> '';

CREATE TABLE legs (
    id TEXT PRIMARY KEY, call TEXT NOT NULL, direction TEXT NOT NULL, account TEXT NOT NULL, trunk TEXT NOT NULL,
    agent TEXT NOT NULL, offer TEXT NOT NULL, sip_id TEXT NOT NULL, remote TEXT NOT NULL, user_agent TEXT NOT NULL,
    started INTEGER, ringing INTEGER, answered INTEGER, ended INTEGER,
    status INTEGER NOT NULL, cause TEXT NOT NULL, codec TEXT NOT NULL,
    packets INTEGER NOT NULL, lost INTEGER NOT NULL, late INTEGER NOT NULL, jitter_ms REAL NOT NULL, rtt_ms REAL NOT NULL
) WITHOUT ROWID;
CREATE INDEX legs_call ON legs (call);
CREATE INDEX legs_agent ON legs (agent, call) WHERE agent <> '';
CREATE INDEX legs_open ON legs (id) WHERE ended IS NULL;

CREATE TABLE visits (
    id TEXT PRIMARY KEY, call TEXT NOT NULL, queue TEXT NOT NULL, by_transfer INTEGER NOT NULL,
    language TEXT NOT NULL, region TEXT NOT NULL, zone TEXT NOT NULL, priority INTEGER NOT NULL,
    entered INTEGER, connected INTEGER, left INTEGER, ended INTEGER,
    result TEXT NOT NULL, agent TEXT NOT NULL, offer TEXT NOT NULL,
    steps INTEGER NOT NULL, offers INTEGER NOT NULL, service_level INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX visits_call ON visits (call);
CREATE INDEX visits_queue ON visits (queue, call);
CREATE INDEX visits_open ON visits (id) WHERE left IS NULL OR (ended IS NULL AND connected IS NOT NULL);

CREATE TABLE offers (
    id TEXT PRIMARY KEY, visit TEXT NOT NULL, call TEXT NOT NULL, queue TEXT NOT NULL, agent TEXT NOT NULL,
    started INTEGER, ringing INTEGER, ended INTEGER, outcome TEXT NOT NULL, status INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX offers_call ON offers (call);
CREATE INDEX offers_open ON offers (id) WHERE ended IS NULL;

CREATE TABLE decisions (
    id TEXT PRIMARY KEY, at INTEGER NOT NULL, call TEXT NOT NULL, visit TEXT NOT NULL, queue TEXT NOT NULL,
    step INTEGER NOT NULL, body TEXT NOT NULL -- JSON of the whole record
) WITHOUT ROWID;
CREATE INDEX decisions_at ON decisions (at);
CREATE INDEX decisions_call ON decisions (call);

CREATE TABLE agent_segments (
    agent TEXT NOT NULL, started INTEGER NOT NULL, ended INTEGER NOT NULL, bucket TEXT NOT NULL, reason TEXT NOT NULL,
    queue TEXT NOT NULL, call TEXT NOT NULL, visit TEXT NOT NULL,
    PRIMARY KEY (agent, started)
) WITHOUT ROWID;
CREATE INDEX agent_segments_started ON agent_segments (started);

CREATE TABLE call_segments (
    call TEXT NOT NULL, started INTEGER NOT NULL, ended INTEGER NOT NULL, bucket TEXT NOT NULL,
    queue TEXT NOT NULL, visit TEXT NOT NULL, agent TEXT NOT NULL,
    PRIMARY KEY (call, started)
) WITHOUT ROWID;
CREATE INDEX call_segments_started ON call_segments (started);

CREATE TABLE bindings (
    aor TEXT NOT NULL, contact TEXT NOT NULL, instance TEXT NOT NULL, reg_id INTEGER NOT NULL, q REAL NOT NULL,
    call_id TEXT NOT NULL, cseq INTEGER NOT NULL, path TEXT NOT NULL, user_agent TEXT NOT NULL, transport TEXT NOT NULL,
    received TEXT NOT NULL, local TEXT NOT NULL, expires INTEGER, updated INTEGER, credential INTEGER, session TEXT NOT NULL,
    PRIMARY KEY (aor, contact)
) WITHOUT ROWID;

CREATE TABLE agents (
    agent TEXT PRIMARY KEY, state TEXT NOT NULL, reason TEXT NOT NULL, since INTEGER, idle_since INTEGER,
    queues TEXT NOT NULL, account TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE sessions (
    session TEXT NOT NULL, subject TEXT NOT NULL, domain TEXT NOT NULL, key TEXT NOT NULL, expires INTEGER, claims TEXT NOT NULL,
    PRIMARY KEY (session, subject, domain)
) WITHOUT ROWID;
CREATE INDEX sessions_expires ON sessions (expires);
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
DROP TABLE sessions;
DROP TABLE agents;
DROP TABLE bindings;
DROP TABLE call_segments;
DROP TABLE agent_segments;
DROP TABLE decisions;
DROP TABLE offers;
DROP TABLE visits;
DROP TABLE legs;
DROP TABLE calls;
DROP TABLE events;
DROP TABLE boots;
-- +goose StatementEnd
