-- Everything is derived again from the events, with intervals and windows instead of state machines.
-- The parameter is until: what happened then or later is not counted.

CREATE TEMP TABLE ev AS
SELECT ROW_NUMBER() OVER (ORDER BY e.at, b.node, b.boot, e.seq) AS n, b.node, b.boot AS run, e.seq, e.at, e.kind, e.call, e.leg,
       e.visit, e.offer, e.queue, e.agent, e.state, e.reason, e.data
FROM main.events e JOIN main.boots b ON b.id = e.boot WHERE e.at < ?1;
CREATE INDEX temp.ev_n ON ev (n);
CREATE INDEX temp.ev_call ON ev (call, kind, at);
CREATE INDEX temp.ev_visit ON ev (visit, kind);
CREATE INDEX temp.ev_offer ON ev (offer, kind);
CREATE INDEX temp.ev_leg ON ev (leg, kind, n);

-- when each run of a node was over; NULL for one that goes on
CREATE TEMP TABLE runs AS
SELECT node, run, CASE WHEN stop IS NOT NULL THEN stop WHEN first < MAX(first) OVER (PARTITION BY node) THEN last END AS over
FROM (SELECT node, run, MIN(n) AS first, MAX(at) AS last, MAX(CASE WHEN kind = 'node.stop' THEN at END) AS stop FROM ev GROUP BY node, run);

-- over: when the run was, or before it, a call that a crash ended, unless the state is the work after it
CREATE TEMP TABLE states AS
SELECT e.n, e.agent, e.state, e.reason, e.queue, e.call, e.visit, e.at AS s,
       NULLIF(MIN(COALESCE(r.over, 9e18), COALESCE((SELECT MIN(x.at) FROM ev x WHERE e.call <> '' AND e.state <> 'wrap_up'
         AND x.call = e.call AND x.kind = 'call.end' AND x.reason = 'crashed' AND x.n > e.n), 9e18)), 9e18) AS over,
       COALESCE(LEAD(e.at) OVER w, ?1) AS e, COALESCE(LEAD(e.n) OVER w, 9e18) AS next
FROM ev e JOIN runs r ON r.node = e.node AND r.run = e.run WHERE e.kind = 'agent.state'
WINDOW w AS (PARTITION BY e.agent ORDER BY e.n);
CREATE INDEX temp.states_call ON states (call, state);

CREATE TEMP TABLE agent_time AS
SELECT agent, state, reason, queue,
       CASE WHEN visit = '' AND call <> '' AND queue <> '' THEN
         COALESCE((SELECT c.visit FROM ev c WHERE c.call = states.call AND c.kind = 'visit.connect' AND c.agent = states.agent
                   AND c.n < states.next ORDER BY c.n DESC LIMIT 1), '')
       ELSE visit END AS visit,
       s, CASE WHEN over < e THEN MAX(over, s) ELSE e END AS e
FROM states
UNION ALL
SELECT agent, 'offline', '', '', '', MAX(over, s), e FROM states WHERE over < e;

CREATE TEMP TABLE visit AS
SELECT v.visit, v.call, v.queue, v.state = 'transfer' AS transferred, v.at AS entered,
       1000000 * COALESCE(json_extract(v.data, '$.service_level') + 0, 20) AS t,
       1000000 * COALESCE(json_extract(v.data, '$.short_abandon') + 0, 5) AS short,
       l.at AS left, CASE l.kind WHEN 'visit.connect' THEN 'connected' ELSE l.state END AS result,
       CASE l.kind WHEN 'visit.connect' THEN l.at END AS connected, CASE l.kind WHEN 'visit.connect' THEN l.agent ELSE '' END AS agent,
       CASE l.kind WHEN 'visit.connect' THEN (SELECT MIN(x.at) FROM ev x WHERE x.visit = v.visit AND x.kind = 'visit.end') END AS ended,
       COALESCE((SELECT x.reason FROM ev x WHERE x.visit = v.visit AND x.kind = 'visit.end' ORDER BY x.n LIMIT 1), '') AS handed
FROM ev v LEFT JOIN ev l ON l.n = (SELECT MIN(x.n) FROM ev x WHERE x.visit = v.visit AND x.kind IN ('visit.connect', 'visit.leave'))
WHERE v.kind = 'visit.enter';
CREATE INDEX temp.visit_call ON visit (call);

CREATE TEMP TABLE offer AS
SELECT o.offer, o.visit, o.call, o.queue, o.agent, o.at AS s, e.at AS e, COALESCE(e.state, '') AS outcome,
       (SELECT MIN(r.at) FROM ev r WHERE r.offer = o.offer AND r.kind = 'offer.ringing') AS rang
FROM ev o LEFT JOIN ev e ON e.n = (SELECT MIN(x.n) FROM ev x WHERE x.offer = o.offer AND x.kind = 'offer.end')
WHERE o.kind = 'offer.start';
CREATE INDEX temp.offer_visit ON offer (visit);

CREATE TEMP TABLE phone_call AS
SELECT c.call, COALESCE((SELECT k.state FROM ev k WHERE k.call = c.call AND k.kind = 'call.kind' ORDER BY k.n DESC LIMIT 1), c.state) AS kind,
       COALESCE(json_extract(c.data, '$.parent'), '') AS parent, COALESCE(json_extract(c.data, '$.customer'), '') AS customer, c.at AS s,
       (SELECT MIN(a.at) FROM ev a WHERE a.call = c.call AND a.kind = 'call.answer') AS answered,
       e.at AS ended, COALESCE(e.state, '') AS disposition,
       COALESCE((SELECT l.agent FROM ev l WHERE l.call = c.call AND l.kind = 'leg.start' AND l.state = 'in' AND l.agent <> ''
                 ORDER BY l.n LIMIT 1), c.agent) AS agent
FROM ev c LEFT JOIN ev e ON e.n = (SELECT MIN(x.n) FROM ev x WHERE x.call = c.call AND x.kind = 'call.end')
WHERE c.kind = 'call.start';
CREATE INDEX temp.phone_call_parent ON phone_call (parent);
CREATE INDEX temp.phone_call_customer ON phone_call (customer, s);

-- calls of known customers, and whether each called again within seven days
CREATE TEMP TABLE known AS
SELECT c.call, EXISTS (SELECT 1 FROM phone_call r WHERE r.customer = c.customer AND r.s > c.s AND r.s <= c.s + 7 * 86400 * 1000000
                       AND r.kind = 'customer' AND r.parent = '') AS again
FROM phone_call c WHERE c.customer <> '' AND c.kind = 'customer' AND c.parent = '';
CREATE INDEX temp.known_call ON known (call);

-- the last rating that the caller of each call gave
CREATE TEMP TABLE rating AS
SELECT call, json_extract(data, '$.value') + 0.0 AS value FROM ev
WHERE n IN (SELECT MAX(n) FROM ev WHERE kind = 'user.event' AND state = 'rating' GROUP BY call);

CREATE TEMP TABLE leg AS
SELECT l.leg, l.call, l.state = 'out' AS out, EXISTS (SELECT 1 FROM ev x WHERE x.leg = l.leg AND x.agent <> '') AS agents,
       EXISTS (SELECT 1 FROM ev x WHERE x.leg = l.leg AND x.offer <> '') AS offered,
       (SELECT MIN(x.at) FROM ev x WHERE x.leg = l.leg AND x.kind = 'leg.ringing') AS rang,
       (SELECT MIN(x.at) FROM ev x WHERE x.leg = l.leg AND x.kind = 'leg.answer') AS answered,
       COALESCE((SELECT MIN(x.at) FROM ev x WHERE x.leg = l.leg AND x.kind = 'leg.end'), ?1) AS ended
FROM ev l WHERE l.kind = 'leg.start' AND l.leg <> '';
CREATE INDEX temp.leg_call ON leg (call);

CREATE TEMP TABLE hold AS
SELECT h.call, h.at AS s, COALESCE((SELECT x.at FROM ev x WHERE x.leg = h.leg AND x.kind IN ('leg.resume', 'leg.end') AND x.n > h.n
                                    ORDER BY x.n LIMIT 1), ?1) AS e
FROM ev h JOIN leg l ON l.leg = h.leg WHERE h.kind = 'leg.hold' AND l.agents;
CREATE INDEX temp.hold_call ON hold (call);

-- elementary pieces of each call: between two neighbouring instants nothing changes
CREATE TEMP TABLE instant AS
SELECT c.call, e.at FROM phone_call c JOIN ev e ON e.call = c.call
UNION SELECT c.call, COALESCE(c.ended, ?1) FROM phone_call c
UNION SELECT k.parent, k.s FROM phone_call k WHERE k.parent <> ''
UNION SELECT k.parent, k.ended FROM phone_call k WHERE k.parent <> '' AND k.ended IS NOT NULL;

CREATE TEMP TABLE piece AS
SELECT p.call, p.kind, p.parent, p.answered, p.s AS began, i.at AS s, i.e
FROM (SELECT call, at, LEAD(at) OVER (PARTITION BY call ORDER BY at) AS e FROM instant) i JOIN phone_call p ON p.call = i.call
WHERE i.e IS NOT NULL AND i.at >= p.s AND i.e <= COALESCE(p.ended, ?1);

CREATE TEMP TABLE call_time AS
SELECT call, kind, parent, s, e, visit, CASE
    WHEN waits THEN CASE WHEN rings THEN 'ringing' ELSE 'queue' END
    WHEN talks OR direct THEN CASE WHEN NOT held THEN 'talk' WHEN consults THEN 'consult' ELSE 'hold' END
    WHEN dials THEN 'ringing' WHEN talked THEN 'after' WHEN answered <= s THEN 'ivr' ELSE 'setup' END AS bucket
FROM (SELECT p.*,
    (SELECT v.visit FROM visit v WHERE v.call = p.call AND v.entered <= p.s
        AND (p.s < COALESCE(v.left, 9e18) OR (v.connected <= p.s AND p.s < COALESCE(v.ended, 9e18)))) AS visit,
    EXISTS (SELECT 1 FROM visit v WHERE v.call = p.call AND v.entered <= p.s AND p.s < COALESCE(v.left, 9e18)) AS waits,
    EXISTS (SELECT 1 FROM visit v JOIN offer o ON o.visit = v.visit WHERE v.call = p.call AND v.entered <= p.s
        AND p.s < COALESCE(v.left, 9e18) AND o.rang <= p.s AND p.s < COALESCE(o.e, 9e18)) AS rings,
    EXISTS (SELECT 1 FROM visit v WHERE v.call = p.call AND v.connected <= p.s AND p.s < COALESCE(v.ended, 9e18)) AS talks,
    EXISTS (SELECT 1 FROM leg l WHERE l.call = p.call AND l.out AND NOT l.offered AND l.answered <= p.s AND p.s < l.ended) AS direct,
    EXISTS (SELECT 1 FROM leg l WHERE l.call = p.call AND l.out AND NOT l.offered AND l.rang <= p.s
        AND p.s < COALESCE(l.answered, l.ended) AND p.s < l.ended) AS dials,
    EXISTS (SELECT 1 FROM hold h WHERE h.call = p.call AND h.s <= p.s AND p.s < h.e) AS held,
    EXISTS (SELECT 1 FROM phone_call k WHERE k.parent = p.call AND k.s <= p.s AND p.s < COALESCE(k.ended, 9e18))
        OR EXISTS (SELECT 1 FROM states a WHERE a.call = p.call AND a.state = 'consult' AND a.s <= p.s AND p.s < a.e) AS consults,
    EXISTS (SELECT 1 FROM visit v WHERE v.call = p.call AND v.connected <= p.s)
        OR EXISTS (SELECT 1 FROM leg l WHERE l.call = p.call AND l.out AND NOT l.offered AND l.answered <= p.s) AS talked
  FROM piece p);
CREATE INDEX temp.call_time_visit ON call_time (visit);

-- the whole work of a conversation, uncut
CREATE TEMP TABLE work AS
SELECT v.visit, v.call, v.queue, v.agent, v.connected, v.transferred, v.handed, v.left - v.entered <= v.t AS within,
    COALESCE((SELECT SUM(c.e - c.s) FROM call_time c WHERE c.visit = v.visit AND c.bucket = 'talk'), 0) AS talk,
    COALESCE((SELECT SUM(c.e - c.s) FROM call_time c WHERE c.visit = v.visit AND c.bucket IN ('hold', 'consult')), 0) AS hold,
    COALESCE((SELECT SUM(a.e - a.s) FROM agent_time a WHERE a.visit = v.visit AND a.state = 'wrap_up'), 0) AS wrap
FROM visit v WHERE v.connected IS NOT NULL;
