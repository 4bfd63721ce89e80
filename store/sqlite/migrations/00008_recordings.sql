-- +goose Up
-- +goose StatementBegin

-- Conversations that were recorded: the sound is in files, and may be gone while the row stays.
CREATE TABLE recordings (
    id TEXT PRIMARY KEY, call TEXT NOT NULL, leg TEXT NOT NULL, agent TEXT NOT NULL, queue TEXT NOT NULL, customer TEXT NOT NULL,
    started INTEGER NOT NULL, ended INTEGER, duration INTEGER NOT NULL, bytes INTEGER NOT NULL, file TEXT NOT NULL, state TEXT NOT NULL,
    reason TEXT NOT NULL
) WITHOUT ROWID;
CREATE INDEX recordings_call ON recordings (call);
CREATE INDEX recordings_customer ON recordings (customer) WHERE customer <> '';
CREATE INDEX recordings_sound ON recordings (started) WHERE state <> 'deleted';
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
DROP TABLE recordings;
-- +goose StatementEnd
