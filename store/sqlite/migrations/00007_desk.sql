-- +goose Up
-- +goose StatementBegin

-- What an agent said a call was about: codes only.
CREATE TABLE call_outcomes (
    call TEXT NOT NULL, agent TEXT NOT NULL, queue TEXT NOT NULL, code TEXT NOT NULL, sub TEXT NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY (call, agent)
) WITHOUT ROWID;
CREATE INDEX call_outcomes_at ON call_outcomes (at);

-- What an agent wrote about a call: personal.
CREATE TABLE call_notes (
    call TEXT NOT NULL, agent TEXT NOT NULL, customer TEXT NOT NULL, text TEXT NOT NULL, at INTEGER NOT NULL,
    PRIMARY KEY (call, agent)
) WITHOUT ROWID;
CREATE INDEX call_notes_customer ON call_notes (customer) WHERE customer <> '';

-- Who became ready at a desk in a browser is ready only while one is open.
ALTER TABLE agents ADD COLUMN at_desk INTEGER NOT NULL DEFAULT 0;
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
ALTER TABLE agents DROP COLUMN at_desk;
DROP TABLE call_notes;
DROP TABLE call_outcomes;
-- +goose StatementEnd
