-- +goose Up
-- +goose StatementBegin

-- The ledger's books of a quarter of an hour, packed, once nothing that goes on can change them: the calls that began in it,
-- whole, and the agents' time. Derived from the events, for speed; rows may be deleted at any time.
CREATE TABLE ledger_parts (
    started INTEGER PRIMARY KEY,
    ended   INTEGER NOT NULL, -- of the part, or of its last call
    body    BLOB NOT NULL
);
CREATE INDEX ledger_parts_ended ON ledger_parts (ended, started);

-- Reports find visits by when they began, and consults by their beginning.
CREATE INDEX visits_entered ON visits (entered, call);
CREATE INDEX calls_consults ON calls (started) WHERE parent <> '';

-- Screens on the wall: the token itself is not kept.
CREATE TABLE wall_tokens (
    id TEXT PRIMARY KEY, hash TEXT NOT NULL UNIQUE, label TEXT NOT NULL, by TEXT NOT NULL, teams TEXT NOT NULL, -- JSON
    everybody INTEGER NOT NULL, created INTEGER NOT NULL, revoked INTEGER
) WITHOUT ROWID;

-- Reports that left by mail: for which time each left last.
CREATE TABLE report_mails (letter TEXT PRIMARY KEY, due INTEGER NOT NULL) WITHOUT ROWID;
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
DROP TABLE report_mails;
DROP TABLE wall_tokens;
DROP INDEX calls_consults;
DROP INDEX visits_entered;
DROP TABLE ledger_parts;
-- +goose StatementEnd
