-- +goose Up
-- +goose StatementBegin

-- Under what a call is found, besides its time: one row per (what, value), so that the newest calls of a queue, an agent, a
-- number are read from the end of one range however many calls there are. What is common to most calls (kind customer,
-- disposition answered) has no row: those are found by time.
--
--   q queue it asked        a agent who took part      k kind          s disposition
--   t end of the caller's number (four characters)     d end of what was dialled      m caller's name in lower case
CREATE TABLE call_finds (
    what TEXT NOT NULL, value TEXT NOT NULL, started INTEGER NOT NULL, call TEXT NOT NULL,
    PRIMARY KEY (what, value, started, call)
) WITHOUT ROWID;

-- Calls that ended before are in call_finds; one row. Those that ended since, or go on, are looked at one by one.
CREATE TABLE found_until (id INTEGER PRIMARY KEY CHECK (id = 1), until INTEGER NOT NULL);

INSERT OR IGNORE INTO call_finds SELECT 't', substr(caller_number, -4), started, id FROM calls WHERE caller_number <> '';
INSERT OR IGNORE INTO call_finds SELECT 'd', substr(dialled, -4), started, id FROM calls WHERE dialled <> '';
INSERT OR IGNORE INTO call_finds SELECT 'm', lower(caller_name), started, id FROM calls WHERE caller_name <> '';
INSERT OR IGNORE INTO call_finds SELECT 'k', kind, started, id FROM calls WHERE kind <> 'customer';
INSERT OR IGNORE INTO call_finds SELECT 's', disposition, started, id FROM calls WHERE disposition NOT IN ('', 'answered');
INSERT OR IGNORE INTO call_finds SELECT 'q', v.queue, c.started, c.id FROM visits v JOIN calls c ON c.id = v.call;
INSERT OR IGNORE INTO call_finds SELECT 'a', l.agent, c.started, c.id FROM legs l JOIN calls c ON c.id = l.call WHERE l.agent <> '';
INSERT INTO found_until SELECT 1, COALESCE(MAX(ended) + 1, 0) FROM calls;
-- +goose StatementEnd

-- +goose Down
-- +goose StatementBegin
DROP TABLE found_until;
DROP TABLE call_finds;
-- +goose StatementEnd
