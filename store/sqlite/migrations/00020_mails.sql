-- +goose Up
-- +goose StatementBegin

-- A row is a letter to one: what became of it. done is the time for which it left last, or was refused for ever.
ALTER TABLE report_mails RENAME COLUMN due TO done;
ALTER TABLE report_mails ADD COLUMN recipient TEXT NOT NULL DEFAULT '';
ALTER TABLE report_mails ADD COLUMN report TEXT NOT NULL DEFAULT '';
ALTER TABLE report_mails ADD COLUMN due INTEGER; -- for which it was tried last
ALTER TABLE report_mails ADD COLUMN tried INTEGER;
ALTER TABLE report_mails ADD COLUMN refused TEXT NOT NULL DEFAULT ''; -- why, empty where it left
ALTER TABLE report_mails ADD COLUMN ended INTEGER NOT NULL DEFAULT 1; -- 0: it is tried again
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
ALTER TABLE report_mails DROP COLUMN ended;
ALTER TABLE report_mails DROP COLUMN refused;
ALTER TABLE report_mails DROP COLUMN tried;
ALTER TABLE report_mails DROP COLUMN due;
ALTER TABLE report_mails DROP COLUMN report;
ALTER TABLE report_mails DROP COLUMN recipient;
ALTER TABLE report_mails RENAME COLUMN done TO due;
-- +goose StatementEnd
