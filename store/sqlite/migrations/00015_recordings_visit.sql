-- +goose Up
-- +goose StatementBegin

-- The stay in a queue of which a recorded conversation was. Of those on record already the leg says it, by its offer.
ALTER TABLE recordings ADD COLUMN visit TEXT NOT NULL DEFAULT '';
UPDATE recordings SET visit = COALESCE((SELECT o.visit FROM legs l JOIN offers o ON o.id = l.offer WHERE l.id = recordings.leg), '')
    WHERE queue <> '';
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
ALTER TABLE recordings DROP COLUMN visit;
-- +goose StatementEnd
