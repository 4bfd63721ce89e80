-- +goose Up

-- The customer's call that a call of an agent's calls back.
ALTER TABLE calls ADD COLUMN returns TEXT NOT NULL DEFAULT '';
CREATE INDEX calls_returns ON calls (started) WHERE returns <> '';

-- +goose Down
DROP INDEX calls_returns;
ALTER TABLE calls DROP COLUMN returns;
