-- +goose Up

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

-- +goose Down
DROP INDEX calls_consults;
DROP INDEX visits_entered;
DROP TABLE ledger_parts;
