-- +goose Up
-- +goose StatementBegin

-- The queue's call that an agent has, or whose wrap-up runs: after a restart its card and its note are there again.
ALTER TABLE agents ADD COLUMN work TEXT NOT NULL DEFAULT '{}';
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
ALTER TABLE agents DROP COLUMN work;
-- +goose StatementEnd
