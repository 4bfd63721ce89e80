-- +goose Up
-- +goose StatementBegin

-- What reports drill down to: the calls one of whose visits or offers is of some kind. One row per visit and offer, in the
-- order of their calls' beginnings, so that a page of calls is read from one range without a look at the calls in between.
-- Only of calls that ended before found_until, as in call_finds; started is the call's.
CREATE TABLE visit_finds (
    started INTEGER NOT NULL, call TEXT NOT NULL, visit TEXT NOT NULL,
    entered INTEGER, connected INTEGER, left INTEGER, result TEXT NOT NULL, by_transfer INTEGER NOT NULL,
    queue TEXT NOT NULL, agent TEXT NOT NULL, language TEXT NOT NULL, region TEXT NOT NULL,
    PRIMARY KEY (started, call, visit)
) WITHOUT ROWID;

CREATE TABLE offer_finds (
    started INTEGER NOT NULL, call TEXT NOT NULL, offer TEXT NOT NULL,
    begun INTEGER, agent TEXT NOT NULL, outcome TEXT NOT NULL,
    PRIMARY KEY (started, call, offer)
) WITHOUT ROWID;

-- No instant of a row of these tables is farther than this from the beginning of its call, in microseconds.
ALTER TABLE found_until ADD COLUMN reach INTEGER NOT NULL DEFAULT 0;

INSERT INTO visit_finds SELECT c.started, c.id, v.id, v.entered, v.connected, v.left, v.result, v.by_transfer, v.queue, v.agent, v.language, v.region
    FROM calls c JOIN visits v ON v.call = c.id WHERE c.ended < (SELECT until FROM found_until);
INSERT INTO offer_finds SELECT c.started, c.id, o.id, o.started, o.agent, o.outcome
    FROM calls c JOIN offers o ON o.call = c.id WHERE c.ended < (SELECT until FROM found_until);
UPDATE found_until SET reach = MAX(
    (SELECT COALESCE(MAX(MAX(ABS(COALESCE(entered, started) - started), ABS(COALESCE(connected, started) - started), ABS(COALESCE(left, started) - started))), 0) FROM visit_finds),
    (SELECT COALESCE(MAX(ABS(COALESCE(begun, started) - started)), 0) FROM offer_finds));
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
ALTER TABLE found_until DROP COLUMN reach;
DROP TABLE offer_finds;
DROP TABLE visit_finds;
-- +goose StatementEnd
