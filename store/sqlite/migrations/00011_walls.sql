-- +goose Up

-- When a screen showed the board with the token last.
ALTER TABLE wall_tokens ADD COLUMN used INTEGER;

-- +goose Down
ALTER TABLE wall_tokens DROP COLUMN used;
