-- +goose Up
-- +goose StatementBegin

-- Who logs in, and how. Secrets are kept as hashes, but for those of second factors, which have to be computed with.
CREATE TABLE staff (
    person TEXT PRIMARY KEY, password TEXT NOT NULL, totp TEXT NOT NULL, pending TEXT NOT NULL, step INTEGER NOT NULL, changed INTEGER
) WITHOUT ROWID;

CREATE TABLE staff_sessions (
    id TEXT PRIMARY KEY, person TEXT NOT NULL, csrf TEXT NOT NULL, source TEXT NOT NULL, agent TEXT NOT NULL,
    created INTEGER, seen INTEGER, expires INTEGER
) WITHOUT ROWID;
CREATE INDEX staff_sessions_person ON staff_sessions (person);
CREATE INDEX staff_sessions_expires ON staff_sessions (expires);

CREATE TABLE api_keys (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, hash TEXT NOT NULL, scopes TEXT NOT NULL, -- JSON
    by TEXT NOT NULL, created INTEGER, used INTEGER, expires INTEGER
) WITHOUT ROWID;

CREATE TABLE invitations (
    hash TEXT PRIMARY KEY, person TEXT NOT NULL, kind TEXT NOT NULL, by TEXT NOT NULL, expires INTEGER
) WITHOUT ROWID;

CREATE TABLE audit (
    id INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER, who TEXT NOT NULL, source TEXT NOT NULL, action TEXT NOT NULL,
    target TEXT NOT NULL, status INTEGER NOT NULL, detail TEXT NOT NULL
);
CREATE INDEX audit_who ON audit (who, id);
CREATE INDEX audit_action ON audit (action, id);

CREATE TABLE idempotency (
    who TEXT NOT NULL, key TEXT NOT NULL, request TEXT NOT NULL, status INTEGER NOT NULL, type TEXT NOT NULL, tag TEXT NOT NULL,
    answer BLOB, at INTEGER,
    PRIMARY KEY (who, key)
) WITHOUT ROWID;
CREATE INDEX idempotency_at ON idempotency (at);

CREATE TABLE customers (
    id TEXT PRIMARY KEY, name TEXT NOT NULL, number TEXT NOT NULL, language TEXT NOT NULL, region TEXT NOT NULL, zone TEXT NOT NULL,
    booking TEXT NOT NULL, priority INTEGER NOT NULL, fields TEXT NOT NULL, -- JSON
    created INTEGER, updated INTEGER, version INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX customers_name ON customers (name COLLATE NOCASE, id);
CREATE INDEX customers_number ON customers (number, id) WHERE number <> '';

CREATE TABLE customer_notes (
    id TEXT PRIMARY KEY, customer TEXT NOT NULL, call TEXT NOT NULL, at INTEGER, by TEXT NOT NULL, text TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX customer_notes_customer ON customer_notes (customer, at);
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
DROP TABLE customer_notes;
DROP TABLE customers;
DROP TABLE idempotency;
DROP TABLE audit;
DROP TABLE invitations;
DROP TABLE api_keys;
DROP TABLE staff_sessions;
DROP TABLE staff;
-- +goose StatementEnd
