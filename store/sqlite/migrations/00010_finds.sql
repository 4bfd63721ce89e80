-- +goose Up

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

-- +goose StatementBegin
CREATE TRIGGER calls_found AFTER INSERT ON calls BEGIN
    INSERT OR IGNORE INTO call_finds VALUES ('t', substr(NEW.caller_number, -4), NEW.started, NEW.id), ('d', substr(NEW.dialled, -4), NEW.started, NEW.id);
END;
-- +goose StatementEnd
-- What is not so for most calls has triggers of its own, whose condition costs less than a statement that does nothing. Visits and
-- legs come after their call; only after a loss of records, or a replay, they come before.
-- +goose StatementBegin
CREATE TRIGGER calls_found_named AFTER INSERT ON calls WHEN NEW.caller_name <> '' BEGIN
    INSERT OR IGNORE INTO call_finds VALUES ('m', lower(NEW.caller_name), NEW.started, NEW.id);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER calls_found_kind AFTER INSERT ON calls WHEN NEW.kind <> 'customer' BEGIN
    INSERT OR IGNORE INTO call_finds VALUES ('k', NEW.kind, NEW.started, NEW.id);
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER calls_found_late AFTER INSERT ON calls WHEN NEW.ended IS NOT NULL BEGIN
    INSERT OR IGNORE INTO call_finds SELECT 's', NEW.disposition, NEW.started, NEW.id WHERE NEW.disposition NOT IN ('', 'answered');
    INSERT OR IGNORE INTO call_finds SELECT 'q', queue, NEW.started, NEW.id FROM visits WHERE call = NEW.id;
    INSERT OR IGNORE INTO call_finds SELECT 'a', agent, NEW.started, NEW.id FROM legs WHERE call = NEW.id AND agent <> '';
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER calls_ended AFTER UPDATE ON calls
WHEN NEW.disposition <> OLD.disposition AND (NEW.disposition <> 'answered' OR OLD.disposition <> '') BEGIN
    DELETE FROM call_finds WHERE what = 's' AND value = OLD.disposition AND started = OLD.started AND call = OLD.id;
    INSERT OR IGNORE INTO call_finds SELECT 's', NEW.disposition, NEW.started, NEW.id WHERE NEW.disposition NOT IN ('', 'answered');
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER calls_refound AFTER UPDATE ON calls
WHEN NEW.kind <> OLD.kind OR NEW.caller_number <> OLD.caller_number OR NEW.caller_name <> OLD.caller_name OR NEW.dialled <> OLD.dialled
BEGIN
    DELETE FROM call_finds WHERE what = 't' AND value = substr(OLD.caller_number, -4) AND started = OLD.started AND call = OLD.id;
    DELETE FROM call_finds WHERE what = 'd' AND value = substr(OLD.dialled, -4) AND started = OLD.started AND call = OLD.id;
    DELETE FROM call_finds WHERE what = 'm' AND value = lower(OLD.caller_name) AND started = OLD.started AND call = OLD.id;
    DELETE FROM call_finds WHERE what = 'k' AND value = OLD.kind AND started = OLD.started AND call = OLD.id;
    INSERT OR IGNORE INTO call_finds SELECT 't', substr(NEW.caller_number, -4), NEW.started, NEW.id WHERE NEW.caller_number <> '';
    INSERT OR IGNORE INTO call_finds SELECT 'd', substr(NEW.dialled, -4), NEW.started, NEW.id WHERE NEW.dialled <> '';
    INSERT OR IGNORE INTO call_finds SELECT 'm', lower(NEW.caller_name), NEW.started, NEW.id WHERE NEW.caller_name <> '';
    INSERT OR IGNORE INTO call_finds SELECT 'k', NEW.kind, NEW.started, NEW.id WHERE NEW.kind <> 'customer';
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER visits_found AFTER INSERT ON visits BEGIN
    INSERT OR IGNORE INTO call_finds SELECT 'q', NEW.queue, started, id FROM calls WHERE id = NEW.call;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER legs_found AFTER INSERT ON legs WHEN NEW.agent <> '' BEGIN
    INSERT OR IGNORE INTO call_finds SELECT 'a', NEW.agent, started, id FROM calls WHERE id = NEW.call;
END;
-- +goose StatementEnd
-- +goose StatementBegin
CREATE TRIGGER legs_refound AFTER UPDATE ON legs WHEN NEW.agent <> '' AND NEW.agent <> OLD.agent BEGIN
    INSERT OR IGNORE INTO call_finds SELECT 'a', NEW.agent, started, id FROM calls WHERE id = NEW.call;
END;
-- +goose StatementEnd

INSERT OR IGNORE INTO call_finds SELECT 't', substr(caller_number, -4), started, id FROM calls WHERE caller_number <> '';
INSERT OR IGNORE INTO call_finds SELECT 'd', substr(dialled, -4), started, id FROM calls WHERE dialled <> '';
INSERT OR IGNORE INTO call_finds SELECT 'm', lower(caller_name), started, id FROM calls WHERE caller_name <> '';
INSERT OR IGNORE INTO call_finds SELECT 'k', kind, started, id FROM calls WHERE kind <> 'customer';
INSERT OR IGNORE INTO call_finds SELECT 's', disposition, started, id FROM calls WHERE disposition NOT IN ('', 'answered');
INSERT OR IGNORE INTO call_finds SELECT 'q', v.queue, c.started, c.id FROM visits v JOIN calls c ON c.id = v.call;
INSERT OR IGNORE INTO call_finds SELECT 'a', l.agent, c.started, c.id FROM legs l JOIN calls c ON c.id = l.call WHERE l.agent <> '';

-- +goose Down
DROP TRIGGER legs_refound;
DROP TRIGGER legs_found;
DROP TRIGGER visits_found;
DROP TRIGGER calls_refound;
DROP TRIGGER calls_ended;
DROP TRIGGER calls_found_late;
DROP TRIGGER calls_found_kind;
DROP TRIGGER calls_found_named;
DROP TRIGGER calls_found;
DROP TABLE call_finds;
