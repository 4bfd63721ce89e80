-- +goose Up
-- +goose StatementBegin

-- How far segments are written; one row once anything is.
CREATE TABLE accounted (id INTEGER PRIMARY KEY CHECK (id = 1), until INTEGER NOT NULL);

-- Segments are found by the span they touch, however long ago they began.
CREATE INDEX agent_segments_ended ON agent_segments (ended);
CREATE INDEX call_segments_ended ON call_segments (ended);
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
DROP INDEX call_segments_ended;
DROP INDEX agent_segments_ended;
DROP TABLE accounted;
-- +goose StatementEnd
