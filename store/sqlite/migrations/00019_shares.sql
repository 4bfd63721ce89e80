-- +goose Up

-- No call is longer than this, nor a conversation's end farther from its call's beginning, in microseconds: where what goes on
-- at some time is looked for. Of the calls that are in the tables of drills.
ALTER TABLE found_until ADD COLUMN length INTEGER NOT NULL DEFAULT 0;
UPDATE found_until SET length = MAX((SELECT COALESCE(MAX(ended - started), 0) FROM calls),
    (SELECT COALESCE(MAX(v.ended - c.started), 0) FROM visits v JOIN calls c ON c.id = v.call WHERE v.ended > c.ended));

-- +goose Down
ALTER TABLE found_until DROP COLUMN length;
