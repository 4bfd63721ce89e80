-- +goose Up
-- +goose StatementBegin

-- When a screen showed the board with the token last.
ALTER TABLE wall_tokens ADD COLUMN used INTEGER;
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
ALTER TABLE wall_tokens DROP COLUMN used;
-- +goose StatementEnd
