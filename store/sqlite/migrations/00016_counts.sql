-- +goose Up
-- +goose StatementBegin

-- What reports count by, in the rows that they drill down to: who placed a call, the thresholds that a visit began under (in
-- nanoseconds, as priority is) and why its conversation ended.
ALTER TABLE calls ADD COLUMN agent TEXT NOT NULL DEFAULT '';
ALTER TABLE visits ADD COLUMN end_reason TEXT NOT NULL DEFAULT '';
ALTER TABLE visits ADD COLUMN short_abandon INTEGER NOT NULL DEFAULT 0;

UPDATE calls SET agent = COALESCE(
    (SELECT NULLIF(e.agent, '') FROM events e WHERE e.call = calls.id AND e.call <> '' AND e.kind = 'call.start' ORDER BY e.at LIMIT 1),
    (SELECT e.agent FROM events e WHERE e.call = calls.id AND e.call <> '' AND e.kind = 'leg.start' AND e.state <> 'out' AND e.agent <> '' ORDER BY e.at LIMIT 1), '');
UPDATE visits SET
    service_level = COALESCE((SELECT 1000 * CAST(ROUND(1000000 * json_extract(e.data, '$.service_level')) AS INTEGER) FROM events e
        WHERE e.call = visits.call AND e.call <> '' AND e.visit = visits.id AND e.kind = 'visit.enter' ORDER BY e.at LIMIT 1), 20000000000),
    short_abandon = COALESCE((SELECT 1000 * CAST(ROUND(1000000 * json_extract(e.data, '$.short_abandon')) AS INTEGER) FROM events e
        WHERE e.call = visits.call AND e.call <> '' AND e.visit = visits.id AND e.kind = 'visit.enter' ORDER BY e.at LIMIT 1), 5000000000),
    end_reason = COALESCE((SELECT e.reason FROM events e
        WHERE e.call = visits.call AND e.call <> '' AND e.visit = visits.id AND e.kind = 'visit.end' ORDER BY e.at LIMIT 1), '');

-- The same in the tables of drills, whose rows are made anew.
DROP TABLE visit_finds;
CREATE TABLE visit_finds (
    started INTEGER NOT NULL, call TEXT NOT NULL, visit TEXT NOT NULL,
    entered INTEGER, connected INTEGER, left INTEGER, result TEXT NOT NULL, by_transfer INTEGER NOT NULL,
    queue TEXT NOT NULL, agent TEXT NOT NULL, language TEXT NOT NULL, region TEXT NOT NULL,
    within INTEGER NOT NULL, short INTEGER NOT NULL, end_reason TEXT NOT NULL,
    PRIMARY KEY (started, call, visit)
) WITHOUT ROWID;
-- what few visits are, so that a year's are found without a look at all of them
CREATE INDEX visit_finds_handed ON visit_finds (end_reason, started, call) WHERE end_reason <> '';
CREATE INDEX visit_finds_short ON visit_finds (started, call) WHERE short <> 0;
DROP TABLE offer_finds;
CREATE TABLE offer_finds (
    started INTEGER NOT NULL, call TEXT NOT NULL, offer TEXT NOT NULL,
    begun INTEGER, queue TEXT NOT NULL, agent TEXT NOT NULL, outcome TEXT NOT NULL, language TEXT NOT NULL, region TEXT NOT NULL,
    PRIMARY KEY (started, call, offer)
) WITHOUT ROWID;

-- Customers' calls of whom is known who it is, and how long after it the customer called again, in microseconds; NULL: not yet.
CREATE TABLE customer_finds (
    started INTEGER NOT NULL, call TEXT NOT NULL, again INTEGER,
    PRIMARY KEY (started, call)
) WITHOUT ROWID;

INSERT INTO visit_finds SELECT c.started, c.id, v.id, v.entered, v.connected, v.left, v.result, v.by_transfer, v.queue, v.agent, v.language, v.region,
        COALESCE((v.left - v.entered) * 1000 <= v.service_level, 0), COALESCE(v.result = 'abandoned' AND (v.left - v.entered) * 1000 < v.short_abandon, 0), v.end_reason
    FROM calls c JOIN visits v ON v.call = c.id WHERE c.ended < (SELECT until FROM found_until);
INSERT INTO offer_finds SELECT c.started, c.id, o.id, o.started, o.queue, o.agent, o.outcome, COALESCE(v.language, ''), COALESCE(v.region, '')
    FROM calls c JOIN offers o ON o.call = c.id LEFT JOIN visits v ON v.id = o.visit WHERE c.ended < (SELECT until FROM found_until);
INSERT INTO customer_finds SELECT started, id, (SELECT MIN(n.started) FROM calls n WHERE n.customer = c.customer AND n.customer <> ''
        AND n.kind = 'customer' AND n.parent = '' AND n.started > c.started) - started
    FROM calls c WHERE kind = 'customer' AND parent = '' AND customer <> '';

-- p: who placed it, of each kind: 'outgoing mei'
INSERT OR IGNORE INTO call_finds SELECT 'p', kind || ' ' || agent, started, id FROM calls
    WHERE agent <> '' AND ended < (SELECT until FROM found_until);
UPDATE found_until SET reach = MAX(reach, (SELECT COALESCE(MAX(ABS(answered - started)), 0) FROM calls WHERE ended IS NOT NULL));
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
DELETE FROM call_finds WHERE what = 'p';
DROP TABLE customer_finds;
DROP TABLE offer_finds;
CREATE TABLE offer_finds (
    started INTEGER NOT NULL, call TEXT NOT NULL, offer TEXT NOT NULL,
    begun INTEGER, agent TEXT NOT NULL, outcome TEXT NOT NULL,
    PRIMARY KEY (started, call, offer)
) WITHOUT ROWID;
INSERT INTO offer_finds SELECT c.started, c.id, o.id, o.started, o.agent, o.outcome
    FROM calls c JOIN offers o ON o.call = c.id WHERE c.ended < (SELECT until FROM found_until);
DROP TABLE visit_finds;
CREATE TABLE visit_finds (
    started INTEGER NOT NULL, call TEXT NOT NULL, visit TEXT NOT NULL,
    entered INTEGER, connected INTEGER, left INTEGER, result TEXT NOT NULL, by_transfer INTEGER NOT NULL,
    queue TEXT NOT NULL, agent TEXT NOT NULL, language TEXT NOT NULL, region TEXT NOT NULL,
    PRIMARY KEY (started, call, visit)
) WITHOUT ROWID;
INSERT INTO visit_finds SELECT c.started, c.id, v.id, v.entered, v.connected, v.left, v.result, v.by_transfer, v.queue, v.agent, v.language, v.region
    FROM calls c JOIN visits v ON v.call = c.id WHERE c.ended < (SELECT until FROM found_until);
ALTER TABLE visits DROP COLUMN short_abandon;
ALTER TABLE visits DROP COLUMN end_reason;
UPDATE visits SET service_level = ROUND(service_level / 1e9);
ALTER TABLE calls DROP COLUMN agent;
-- +goose StatementEnd
