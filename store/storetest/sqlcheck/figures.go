package sqlcheck

// Each query gives one row per name in its first column and one figure per further column, named as in the report.
// Parameters: ?1 from, ?2 to, ?3 until. Times are microseconds until the last moment.

// queues lists every queue's rows a second time under the empty name: all queues together.
const queues = `WITH
name AS (SELECT DISTINCT queue AS q FROM visit UNION SELECT ''),
v AS (SELECT queue AS q, * FROM visit UNION ALL SELECT '', * FROM visit),
arrived AS (SELECT * FROM v WHERE entered >= ?1 AND entered < ?2),
a AS (SELECT q, COUNT(*) AS offered, SUM(COALESCE(result, '') = 'connected') AS answered, SUM(COALESCE(result, '') = 'abandoned') AS abandoned,
    SUM(COALESCE(result, '') = 'abandoned' AND left - entered < short) AS short_abandoned,
    SUM(COALESCE(result, 'connected') NOT IN ('connected', 'abandoned')) AS flow_out,
    SUM(COALESCE(result, '') = 'timeout') AS flow_out_timeout, SUM(COALESCE(result, '') = 'full') AS flow_out_full,
    SUM(COALESCE(result, '') = 'empty') AS flow_out_empty, SUM(COALESCE(result, '') = 'key') AS flow_out_key,
    SUM(COALESCE(result, '') = 'withdrawn') AS flow_out_withdrawn, SUM(COALESCE(result, '') = 'closed') AS flow_out_closed,
    SUM(COALESCE(result, '') = 'restart') AS flow_out_restart, SUM(left IS NULL) AS waiting, SUM(transferred) AS by_transfer,
    SUM(COALESCE(result, '') = 'connected' AND left - entered <= t) AS answered_within,
    SUM(COALESCE(result, '') = 'abandoned' AND left - entered <= t) AS abandoned_within,
    SUM(left IS NOT NULL AND left - entered <= t) AS left_within,
    SUM(CASE WHEN result = 'connected' THEN left - entered END) / 1e6 AS wait_answered,
    SUM(CASE WHEN result = 'abandoned' THEN left - entered END) / 1e6 AS wait_abandoned,
    MAX(CASE WHEN result IN ('connected', 'abandoned') THEN left - entered END) / 1e6 AS longest_wait FROM arrived GROUP BY q),
b AS (SELECT q, COUNT(*) AS offered_by_end, SUM(result = 'connected') AS answered_by_end, SUM(result = 'abandoned') AS abandoned_by_end,
    SUM(result NOT IN ('connected', 'abandoned')) AS flow_out_by_end FROM v WHERE left >= ?1 AND left < ?2 GROUP BY q),
w AS (SELECT q, MAX(MIN(?2, ?3) - entered) / 1e6 AS oldest_waiting FROM v
    WHERE entered < MIN(?2, ?3) AND COALESCE(left, 9e18) >= MIN(?2, ?3) GROUP BY q),
c AS (SELECT x.queue AS q, ct.bucket, MAX(0, MIN(ct.e, ?2) - MAX(ct.s, ?1)) / 1e6 AS d FROM call_time ct JOIN visit x ON x.visit = ct.visit),
d AS (SELECT q, SUM(d * (bucket = 'queue')) AS queue_time, SUM(d * (bucket = 'ringing')) AS ring_time, SUM(d * (bucket = 'talk')) AS talk_time,
    SUM(d * (bucket IN ('hold', 'consult'))) AS hold_time FROM (SELECT * FROM c UNION ALL SELECT '', bucket, d FROM c) GROUP BY q),
u AS (SELECT queue AS q, MAX(0, MIN(e, ?2) - MAX(s, ?1)) / 1e6 AS d FROM agent_time WHERE state = 'wrap_up' AND queue <> ''),
e AS (SELECT q, SUM(d) AS wrap_up_time FROM (SELECT * FROM u UNION ALL SELECT '', d FROM u) GROUP BY q),
k AS (SELECT queue AS q, * FROM work WHERE connected >= ?1 AND connected < ?2),
f AS (SELECT q, COUNT(*) AS handled, SUM(talk + hold + wrap) / 1e6 AS work, SUM(talk) / 1e6 AS talk,
    SUM(handed = 'transfer_blind') AS blind, SUM(handed = 'transfer_attended') AS attended
    FROM (SELECT * FROM k UNION ALL SELECT '', visit, call, queue, agent, connected, transferred, handed, within, talk, hold, wrap FROM k) GROUP BY q),
o AS (SELECT queue AS q, * FROM offer WHERE s >= ?1 AND s < ?2),
g AS (SELECT q, COUNT(*) AS offers, SUM(outcome = 'answered') AS won,
    SUM(e IS NOT NULL AND outcome NOT IN ('answered', 'caller_left', 'lost_race')) AS rona
    FROM (SELECT q, e, outcome FROM o UNION ALL SELECT '', e, outcome FROM o) GROUP BY q)
SELECT name.q, IFNULL(offered, 0) AS offered, IFNULL(answered, 0) AS answered, IFNULL(abandoned, 0) AS abandoned,
    IFNULL(short_abandoned, 0) AS short_abandoned, IFNULL(flow_out, 0) AS flow_out, IFNULL(flow_out_timeout, 0) AS flow_out_timeout,
    IFNULL(flow_out_full, 0) AS flow_out_full, IFNULL(flow_out_empty, 0) AS flow_out_empty, IFNULL(flow_out_key, 0) AS flow_out_key,
    IFNULL(flow_out_withdrawn, 0) AS flow_out_withdrawn, IFNULL(flow_out_closed, 0) AS flow_out_closed,
    IFNULL(flow_out_restart, 0) AS flow_out_restart, IFNULL(waiting, 0) AS waiting, IFNULL(by_transfer, 0) AS by_transfer,
    IFNULL(offered_by_end, 0) AS offered_by_end, IFNULL(answered_by_end, 0) AS answered_by_end,
    IFNULL(abandoned_by_end, 0) AS abandoned_by_end, IFNULL(flow_out_by_end, 0) AS flow_out_by_end,
    100.0 * abandoned / NULLIF(offered, 0) AS abandon_rate, IFNULL(answered_within, 0) AS answered_within,
    IFNULL(abandoned_within, 0) AS abandoned_within, wait_answered / NULLIF(answered, 0) AS asa,
    wait_abandoned / NULLIF(abandoned, 0) AS average_abandon_time, IFNULL(longest_wait, 0) AS longest_wait,
    IFNULL(oldest_waiting, 0) AS oldest_waiting, IFNULL(queue_time, 0) AS queue_time, IFNULL(ring_time, 0) AS ring_time,
    IFNULL(talk_time, 0) AS talk_time, IFNULL(hold_time, 0) AS hold_time, IFNULL(wrap_up_time, 0) AS wrap_up_time,
    IFNULL(handled, 0) AS handled, work / NULLIF(handled, 0) AS aht, talk / NULLIF(handled, 0) AS average_talk,
    IFNULL(blind, 0) AS transfers_blind, IFNULL(attended, 0) AS transfers_attended, IFNULL(offers, 0) AS offers, IFNULL(rona, 0) AS rona,
    100.0 * won / NULLIF(offers, 0) AS answer_rate,
    100.0 * answered_within / NULLIF(answered + abandoned - short_abandoned, 0) AS service_level,
    100.0 * answered_within / NULLIF(answered, 0) AS service_level_answered,
    100.0 * (answered_within + abandoned_within) / NULLIF(answered + abandoned, 0) AS service_level_positive,
    100.0 * answered_within / NULLIF(offered - abandoned_within, 0) AS service_level_ignore,
    100.0 * answered_within / NULLIF(offered, 0) AS service_level_negative,
    100.0 * left_within / NULLIF(offered, 0) AS service_level_left
FROM name LEFT JOIN a USING (q) LEFT JOIN b USING (q) LEFT JOIN w USING (q) LEFT JOIN d USING (q) LEFT JOIN e USING (q)
    LEFT JOIN f USING (q) LEFT JOIN g USING (q)`

const agents = `WITH
name AS (SELECT DISTINCT agent AS who FROM agent_time UNION SELECT agent FROM offer UNION SELECT agent FROM work),
cut AS (SELECT agent AS who, state, MAX(s, ?1) AS s, MIN(e, ?2) AS e FROM agent_time WHERE s < ?2 AND e > ?1 AND e > s),
t AS (SELECT who, MIN(CASE WHEN state <> 'offline' THEN s END) / 1e6 AS first_login,
    SUM((e - s) * (state <> 'offline')) / 1e6 AS logged_in,
    SUM((e - s) * (state = 'available')) / 1e6 AS available, SUM((e - s) * (state = 'reserved')) / 1e6 AS reserved,
    SUM((e - s) * (state = 'ringing')) / 1e6 AS ringing, SUM((e - s) * (state = 'talk')) / 1e6 AS talk,
    SUM((e - s) * (state = 'hold')) / 1e6 AS hold, SUM((e - s) * (state = 'consult')) / 1e6 AS consult,
    SUM((e - s) * (state = 'wrap_up')) / 1e6 AS wrap_up, SUM((e - s) * (state = 'outbound')) / 1e6 AS outbound,
    SUM((e - s) * (state = 'not_ready')) / 1e6 AS not_ready, SUM((e - s) * (state = 'not_responding')) / 1e6 AS not_responding,
    SUM((e - s) * (state = 'unreachable')) / 1e6 AS unreachable,
    NULLIF(MAX(CASE WHEN state <> 'offline' THEN e END), MIN(?2, ?3)) / 1e6 AS last_logout FROM cut GROUP BY who),
o AS (SELECT agent AS who, COUNT(*) AS offers, SUM(outcome = 'answered') AS offers_answered, SUM(outcome = 'declined') AS offers_declined,
    SUM(outcome = 'busy') AS offers_busy, SUM(outcome = 'no_answer') AS offers_no_answer, SUM(outcome = 'unreachable') AS offers_unreachable,
    SUM(outcome = 'media_failed') AS offers_media_failed, SUM(outcome = 'caller_left') AS offers_caller_left,
    SUM(outcome = 'lost_race') AS offers_lost_race, SUM(outcome = 'lapsed') AS offers_lapsed,
    SUM(e IS NOT NULL AND outcome NOT IN ('answered', 'caller_left', 'lost_race')) AS rona
    FROM offer WHERE s >= ?1 AND s < ?2 GROUP BY agent),
w AS (SELECT agent AS who, COUNT(*) AS handled, SUM(transferred) AS by_transfer, SUM(handed = 'transfer_blind') AS blind,
    SUM((SELECT COUNT(*) FROM known WHERE known.call = work.call)) AS known, SUM((SELECT TOTAL(again) FROM known WHERE known.call = work.call)) AS again,
    SUM(handed = 'transfer_attended') AS attended, SUM(within) AS answered_within,
    (SELECT AVG(r.value) FROM work y JOIN rating r ON r.call = y.call WHERE y.agent = work.agent AND y.connected >= ?1 AND y.connected < ?2) AS rating, SUM(talk) / 1e6 AS sum_talk, MAX(talk) / 1e6 AS longest_talk,
    SUM(hold) / 1e6 AS sum_hold, MAX(hold) / 1e6 AS longest_hold, SUM(wrap) / 1e6 AS sum_wrap, MAX(wrap) / 1e6 AS longest_wrap
    FROM work WHERE connected >= ?1 AND connected < ?2 GROUP BY agent),
p AS (SELECT agent AS who, SUM(kind = 'outgoing') AS out, SUM(kind = 'internal') AS internal FROM phone_call
    WHERE answered >= ?1 AND answered < ?2 AND agent <> '' GROUP BY agent),
x AS (SELECT who, reserved + ringing + talk + hold + consult + wrap_up AS busy FROM t)
SELECT name.who, first_login, last_logout, IFNULL(logged_in, 0) AS logged_in, IFNULL(available, 0) AS available, IFNULL(reserved, 0) AS reserved,
    IFNULL(ringing, 0) AS ringing, IFNULL(talk, 0) AS talk, IFNULL(hold, 0) AS hold, IFNULL(consult, 0) AS consult, IFNULL(wrap_up, 0) AS wrap_up,
    IFNULL(outbound, 0) AS outbound, IFNULL(not_ready, 0) AS not_ready, IFNULL(not_responding, 0) AS not_responding,
    IFNULL(unreachable, 0) AS unreachable, IFNULL(offers, 0) AS offers, IFNULL(offers_answered, 0) AS offers_answered,
    IFNULL(offers_declined, 0) AS offers_declined, IFNULL(offers_busy, 0) AS offers_busy, IFNULL(offers_no_answer, 0) AS offers_no_answer,
    IFNULL(offers_unreachable, 0) AS offers_unreachable, IFNULL(offers_media_failed, 0) AS offers_media_failed,
    IFNULL(offers_caller_left, 0) AS offers_caller_left, IFNULL(offers_lost_race, 0) AS offers_lost_race,
    IFNULL(offers_lapsed, 0) AS offers_lapsed, IFNULL(rona, 0) AS rona, 100.0 * offers_answered / NULLIF(offers, 0) AS answer_rate,
    IFNULL(handled, 0) AS handled_in, IFNULL(out, 0) AS handled_out, IFNULL(internal, 0) AS handled_internal,
    IFNULL(by_transfer, 0) AS handled_by_transfer, IFNULL(blind, 0) AS transfers_blind, IFNULL(attended, 0) AS transfers_attended,
    IFNULL(again, 0) AS repeat_calls, 100.0 * (known - again) / NULLIF(known, 0) AS first_call_resolution, rating,
    IFNULL(answered_within, 0) AS answered_within, sum_talk / NULLIF(handled, 0) AS average_talk, IFNULL(longest_talk, 0) AS longest_talk,
    sum_hold / NULLIF(handled, 0) AS average_hold, IFNULL(longest_hold, 0) AS longest_hold, sum_wrap / NULLIF(handled, 0) AS average_wrap_up,
    IFNULL(longest_wrap, 0) AS longest_wrap_up, (sum_talk + sum_hold + sum_wrap) / NULLIF(handled, 0) AS aht,
    100.0 * busy / NULLIF(busy + available, 0) AS occupancy, 100.0 * (busy + available) / NULLIF(logged_in, 0) AS utilisation
FROM name LEFT JOIN t USING (who) LEFT JOIN o USING (who) LEFT JOIN w USING (who) LEFT JOIN p USING (who) LEFT JOIN x USING (who)
WHERE name.who <> ''`

const pauses = `SELECT agent, 'not_ready: ' || reason, SUM(MIN(e, ?2) - MAX(s, ?1)) / 1e6 FROM agent_time
WHERE state = 'not_ready' AND s < ?2 AND e > ?1 AND e > s AND ?3 > 0 GROUP BY agent, reason`

const customers = `WITH
c AS (SELECT * FROM phone_call WHERE kind = 'customer' AND parent = ''),
s AS (SELECT c.*, EXISTS (SELECT 1 FROM visit v WHERE v.call = c.call) AS queued,
    EXISTS (SELECT 1 FROM visit v WHERE v.call = c.call AND v.connected IS NOT NULL) AS reached FROM c WHERE s >= ?1 AND s < ?2),
t AS (SELECT bucket, MAX(0, MIN(e, ?2) - MAX(s, ?1)) / 1e6 AS d FROM call_time WHERE kind = 'customer' AND parent = '')
SELECT 'customers', (SELECT COUNT(*) FROM s) AS calls,
    (SELECT IFNULL(SUM(disposition = 'answered'), 0) FROM s) AS calls_answered, (SELECT IFNULL(SUM(disposition = 'no_answer'), 0) FROM s) AS calls_no_answer,
    (SELECT IFNULL(SUM(disposition = 'busy'), 0) FROM s) AS calls_busy, (SELECT IFNULL(SUM(disposition = 'failed'), 0) FROM s) AS calls_failed,
    (SELECT IFNULL(SUM(disposition = 'canceled'), 0) FROM s) AS calls_canceled, (SELECT IFNULL(SUM(ended IS NULL), 0) FROM s) AS calls_up,
    (SELECT IFNULL(SUM(queued), 0) FROM s) AS calls_queued, (SELECT IFNULL(SUM(reached), 0) FROM s) AS calls_reached,
    (SELECT COUNT(*) FROM s JOIN known USING (call)) AS calls_identified, (SELECT IFNULL(SUM(again), 0) FROM s JOIN known USING (call)) AS repeat_calls,
    (SELECT 100.0 * SUM(NOT again) / NULLIF(COUNT(*), 0) FROM s JOIN known USING (call) WHERE reached) AS first_call_resolution,
    (SELECT IFNULL(SUM(MAX(0, MIN(COALESCE(ended, ?3), ?2) - MAX(s, ?1))), 0) / 1e6 FROM c) AS call_time,
    (SELECT IFNULL(SUM(d), 0) FROM t WHERE bucket = 'setup') AS call_time_setup, (SELECT IFNULL(SUM(d), 0) FROM t WHERE bucket = 'ivr') AS call_time_ivr,
    (SELECT IFNULL(SUM(d), 0) FROM t WHERE bucket = 'queue') AS call_time_queue, (SELECT IFNULL(SUM(d), 0) FROM t WHERE bucket = 'ringing') AS call_time_ringing,
    (SELECT IFNULL(SUM(d), 0) FROM t WHERE bucket = 'talk') AS call_time_talk, (SELECT IFNULL(SUM(d), 0) FROM t WHERE bucket = 'hold') AS call_time_hold,
    (SELECT IFNULL(SUM(d), 0) FROM t WHERE bucket = 'consult') AS call_time_consult, (SELECT IFNULL(SUM(d), 0) FROM t WHERE bucket = 'after') AS call_time_after`
