-- +goose Up
-- +goose StatementBegin

-- What the daily report said of a day when it closed.
CREATE TABLE closed_days (
    date TEXT NOT NULL, zone TEXT NOT NULL, closed INTEGER NOT NULL, figures TEXT NOT NULL, -- JSON
    PRIMARY KEY (date, zone)
) WITHOUT ROWID;
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
DROP TABLE closed_days;
-- +goose StatementEnd
