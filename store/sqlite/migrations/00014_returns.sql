-- +goose Up
-- +goose StatementBegin

-- The customer's call that a call of an agent's calls back.
ALTER TABLE calls ADD COLUMN returns TEXT NOT NULL DEFAULT '';
CREATE INDEX calls_returns ON calls (started) WHERE returns <> '';
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
DROP INDEX calls_returns;
ALTER TABLE calls DROP COLUMN returns;
-- +goose StatementEnd
