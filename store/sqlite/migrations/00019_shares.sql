-- +goose Up
-- +goose StatementBegin

-- No call is longer than this, nor a conversation's end farther from its call's beginning, in microseconds: where what goes on
-- at some time is looked for. Of the calls that are in the tables of drills.
ALTER TABLE found_until ADD COLUMN length INTEGER NOT NULL DEFAULT 0;
UPDATE found_until SET length = MAX((SELECT COALESCE(MAX(ended - started), 0) FROM calls),
    (SELECT COALESCE(MAX(v.ended - c.started), 0) FROM visits v JOIN calls c ON c.id = v.call WHERE v.ended > c.ended));

-- The calls of which agents said the same.
CREATE INDEX call_outcomes_code ON call_outcomes (code, sub, at);

-- What few visits and offers are, and what belongs to few: so that a year's are found without a look at all of them.
CREATE INDEX visit_finds_flowed ON visit_finds (started, call, result, queue) WHERE result NOT IN ('connected', 'abandoned', '');
CREATE INDEX visit_finds_waiting ON visit_finds (started, call) WHERE left IS NULL;
CREATE INDEX visit_finds_agent ON visit_finds (agent, started, call) WHERE agent <> '';
CREATE INDEX visit_finds_language ON visit_finds (language, started, call);
CREATE INDEX visit_finds_region ON visit_finds (region, started, call);
CREATE INDEX offer_finds_agent ON offer_finds (agent, started, call);
CREATE INDEX offer_finds_missed ON offer_finds (started, call, agent, outcome, queue) WHERE outcome NOT IN ('answered', 'caller_left', 'lost_race', '');
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
DROP INDEX offer_finds_missed;
DROP INDEX offer_finds_agent;
DROP INDEX visit_finds_region;
DROP INDEX visit_finds_language;
DROP INDEX visit_finds_agent;
DROP INDEX visit_finds_waiting;
DROP INDEX visit_finds_flowed;
DROP INDEX call_outcomes_code;
ALTER TABLE found_until DROP COLUMN length;
-- +goose StatementEnd
