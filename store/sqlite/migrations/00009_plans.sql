-- +goose Up
-- +goose StatementBegin

-- Configurations that were in force, one row each time one came in force; files as one document, path to text.
CREATE TABLE plan_versions (
    number INTEGER PRIMARY KEY AUTOINCREMENT, version TEXT NOT NULL, at INTEGER NOT NULL, who TEXT NOT NULL, origin TEXT NOT NULL,
    comment TEXT NOT NULL, files TEXT NOT NULL
);
CREATE INDEX plan_versions_version ON plan_versions (version, number);
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
DROP TABLE plan_versions;
-- +goose StatementEnd
