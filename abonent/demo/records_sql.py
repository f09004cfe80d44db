"""The SQL of the generator: habits → events → peers → lines of a file. Every choice is a hash of integers."""

ROLL = "CREATE OR REPLACE TEMP MACRO roll(salt, a, b) AS (HASH($seed, salt, a, b) % 1000003)::DOUBLE / 1000003"

# Some SIMs lie idle, a few people use many times what others do.
PEOPLE = """
CREATE TEMP TABLE people AS
SELECT id, kind, GREATEST(0, LEAST(until, $month_until) - GREATEST(since, $month_since)) AS held,
    CASE WHEN kind IN ('fixed', 'sip') THEN 0.6 + 0.8 * roll(1, id, 0)
        WHEN roll(2, id, 0) < 0.05 THEN 0
        WHEN roll(2, id, 0) < 0.08 THEN 7
        ELSE (0.3 + 1.4 * roll(1, id, 0)) * (0.85 + 0.3 * roll(3, id, $month)) END AS factor
FROM callers
"""

# Colleagues are the numbers of one client, each with a place among them; an idle SIM is nobody's colleague.
MEMBERS = """
CREATE TEMP TABLE members AS
SELECT c.id, c.client, ROW_NUMBER() OVER (PARTITION BY c.client ORDER BY c.id) - 1 AS place,
    COUNT(*) OVER (PARTITION BY c.client) AS size, p.factor > 0 AS busy
FROM callers AS c JOIN people AS p ON p.id = c.id
"""

# How much each line uses of each stream in this month; the sum over all lines is brought to the target.
EVENTS = """
CREATE TEMP TABLE events AS
WITH wishes AS (
    SELECT p.id, p.kind, s.stream, s.traffic, s.direction, p.factor * s.weight * p.held AS weight
    FROM people AS p JOIN streams AS s ON s.kind = p.kind
), amounts AS (
    SELECT w.*, FLOOR(w.weight * $target / t.weight + roll(4, w.id, w.stream + 100 * $month))::BIGINT AS n
    FROM wishes AS w CROSS JOIN (SELECT SUM(weight) AS weight FROM wishes) AS t
), single AS (
    SELECT id, kind, stream, traffic, direction, UNNEST(RANGE(n)) AS i FROM amounts WHERE n > 0
), keyed AS (
    SELECT *, (HASH($seed, id, stream, $month, i) >> 1)::BIGINT AS k FROM single
)
SELECT e.id, e.kind, e.traffic, e.direction, e.k, d.day,
    d.since + t.minute * 60 + (roll(5, e.k, 0) * 60)::BIGINT % 60 AS started
FROM keyed AS e
JOIN day_slots AS d ON d.kind = e.kind AND d.slot = e.k % 1000
JOIN minute_slots AS t ON t.kind = e.kind AND t.weekend = d.weekend AND t.slot = (roll(6, e.k, 0) * 1000)::BIGINT % 1000
"""

# Whom they call: colleagues, and a circle of contacts in which the first ones are called most.
PEERS = """
CREATE TEMP TABLE met AS
WITH chosen AS (
    SELECT e.*, roll(7, e.k, 0) AS choice, FLOOR(24 * roll(8, e.k, 0) * roll(8, e.k, 1))::BIGINT AS contact,
        roll(9, e.id, 0) AS abroad
    FROM events AS e
), classed AS (
    SELECT *, CASE
        WHEN traffic = 'data' THEN 'apn'
        WHEN traffic = 'sms' AND direction = 'in' AND choice < 0.6 THEN 'sender'
        WHEN choice < 0.22 AND direction = 'out' THEN 'colleague'
        WHEN choice > 0.94 AND abroad < 0.25 THEN 'foreign'
        WHEN choice > 0.985 AND direction = 'out' AND traffic = 'voice' THEN 'short'
        WHEN choice > 0.80 AND traffic = 'voice' THEN 'fixed'
        WHEN choice > 0.48 THEN 'mobile'
        ELSE 'onnet' END AS class
    FROM chosen
), placed AS (
    SELECT c.*, (HASH($seed, c.id, c.contact, ORD(c.class)) >> 1)::BIGINT AS who,
        m.size AS colleagues, m.client AS client
    FROM classed AS c JOIN members AS m ON m.id = c.id
)
SELECT p.*, o.id AS other, x.template AS template
FROM placed AS p
LEFT JOIN members AS o
    ON p.class = 'colleague' AND o.client = p.client AND o.place = p.who % p.colleagues AND o.id <> p.id AND o.busy
JOIN books AS x ON x.class = p.class AND x.place = p.who % x.size AND (p.class <> 'apn' OR x.kind = p.kind)
"""

# Both ends of a call between two own numbers have their record.
ENDS = """
CREATE TEMP TABLE ends AS
WITH sized AS (
    SELECT m.id, m.kind, m.traffic, m.direction, m.started, m.k, m.other, c.number AS called,
        CASE WHEN m.class IN ('apn', 'sender', 'short') THEN m.template
            ELSE m.template || LPAD((m.who % 1000000)::VARCHAR, 6, '0') END AS outsider,
        CASE m.traffic
            WHEN 'voice' THEN CASE WHEN roll(10, m.k, 0) < 0.04 THEN 0
                ELSE LEAST(5400, 2 + FLOOR(-LN(1 - roll(11, m.k, 0)) * 140)) END
            WHEN 'sms' THEN CASE WHEN roll(10, m.k, 0) < 0.1 THEN 2 ELSE 1 END
            ELSE FLOOR(CASE m.kind WHEN 'device' THEN 9000 * EXP(4 * roll(11, m.k, 0))
                ELSE 150000 * EXP(7.5 * roll(11, m.k, 0)) END)
        END::BIGINT AS quantity
    FROM met AS m LEFT JOIN callers AS c ON c.id = m.other
)
SELECT id, traffic, direction, started, quantity, COALESCE(called, outsider) AS peer, k FROM sized
UNION ALL
SELECT s.other, s.traffic, 'in', s.started, s.quantity, c.number, s.k
FROM sized AS s JOIN callers AS c ON c.id = s.id WHERE s.other IS NOT NULL
"""

# A few are abroad for some days of the month, and then everything of theirs comes from a visited network.
LINES = """
CREATE TEMP TABLE written AS
WITH trips AS (
    SELECT c.id, n.network, $month_since + (roll(12, c.id, $month) * 26)::BIGINT * 86400 AS since,
        (2 + roll(13, c.id, $month) * 6)::BIGINT * 86400 AS length
    FROM callers AS c
    JOIN networks AS n ON n.place = (roll(14, c.id, $month) * n.size)::BIGINT % n.size
    WHERE c.kind = 'mobile' AND roll(15, c.id, $month) < 0.04
)
SELECT e.started, c.number || ';' || e.traffic || ';' || e.direction || ';'
    || STRFTIME(MAKE_TIMESTAMP((e.started + s.utc_offset) * 1000000), '%Y-%m-%dT%H:%M:%S') || o.label || ';'
    || e.quantity || ';' || e.peer || ';' || COALESCE(t.network, '') AS line
FROM ends AS e
JOIN callers AS c ON c.id = e.id AND e.started >= c.since AND e.started < c.until
JOIN spans AS s ON e.started >= s.since AND e.started < s.until
JOIN offset_labels AS o ON o.utc_offset = s.utc_offset
LEFT JOIN trips AS t ON t.id = e.id AND e.started >= t.since AND e.started < t.since + t.length
WHERE e.started < $until
"""
