-- +goose Up
-- +goose StatementBegin

-- How far each webhook has taken in the stream of events; removed is since when the configuration does not name it.
CREATE TABLE hooks (
    hook TEXT PRIMARY KEY, boot TEXT NOT NULL, seq INTEGER NOT NULL, removed INTEGER
) WITHOUT ROWID;

CREATE TABLE hook_deliveries (
    id INTEGER PRIMARY KEY AUTOINCREMENT, -- a number is never given twice
    hook TEXT NOT NULL, message TEXT NOT NULL, kind TEXT NOT NULL, body TEXT NOT NULL, state TEXT NOT NULL, attempts INTEGER NOT NULL,
    created INTEGER NOT NULL, next INTEGER, last INTEGER, status INTEGER NOT NULL, error TEXT NOT NULL
);
CREATE INDEX hook_deliveries_state ON hook_deliveries (hook, state, id);
CREATE INDEX hook_deliveries_next ON hook_deliveries (hook, next, id) WHERE state = 'pending';
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
DROP TABLE hook_deliveries;
DROP TABLE hooks;
-- +goose StatementEnd
