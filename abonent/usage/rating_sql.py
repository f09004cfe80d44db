"""The rating of a month: one SQL text over relations, in integers, with nothing that only one engine knows.

Relations: `records` (layout of the store), `spans`, `plans`, `prefixes`, `rates`, `rules`, `peaks` (see `facts.py`) and
`used(holding, month, kind, units)`: what records rated in earlier months have taken from a package.

How a record is priced:
1. its local time is that of its start; peak or not is decided by the start alone;
2. its destination is the zone that names the whole peer (`411$`), else, unless it is a short number, that of its
   longest prefix; its roaming zone is that of the longest prefix of the visited network, none at home;
3. its rate is the one of the plan at its start: same traffic, direction and roaming zone, for its destination if the
   tariff names it, else for any destination;
4. where the rate says so, the package of the option set pays first, in order of time, each plan for its share of the
   month (by seconds, rounded down), and a late record from what was left in its own month;
5. the rest is raised to the minimum and to whole steps, and each step has its price in millionths.
"""

from abonent.usage.layout import SHORT_DIGITS, Charge, Problem

RATE = f"""
WITH placed AS (
    SELECT
        r.subscriber AS subscriber, r.account AS account, r.number AS number, r.kind AS kind,
        r.direction AS direction, r.started AS started, r.quantity AS quantity, r.peer AS peer,
        r.network AS network, r.late AS late, r.source AS source, r.line AS line,
        r.started + s.utc_offset AS local_time,
        s.month AS month, s.month_since AS month_since, s.month_until AS month_until,
        CASE WHEN r.network = '' OR r.network = u.home_network THEN 1 ELSE 0 END AS at_home,
        CASE WHEN r.peer <> '' AND TRANSLATE(r.peer, '0123456789', '') = '' THEN SUBSTR(r.peer, 1, 20) ELSE '' END
            AS dialled,
        u.country_code AS country_code
    FROM records AS r
    CROSS JOIN rules AS u
    JOIN spans AS s ON r.started >= s.since AND r.started < s.until
), lengths AS (
    SELECT DISTINCT x.kind AS kind, x.length AS length, x.whole AS whole FROM prefixes AS x
), dialled_numbers AS (
    SELECT DISTINCT p.dialled AS dialled FROM placed AS p WHERE p.dialled <> ''
), dialled_heads AS (
    SELECT d.dialled AS dialled, SUBSTR(d.dialled, 1, n.length) AS head, n.length AS length, n.whole AS whole
    FROM dialled_numbers AS d
    JOIN lengths AS n
        ON n.kind = 'destination' AND (n.whole = 1 AND n.length = LENGTH(d.dialled)
            OR n.whole = 0 AND n.length <= LENGTH(d.dialled) AND LENGTH(d.dialled) > {SHORT_DIGITS})
), dialled_best AS (
    SELECT h.dialled AS dialled, MAX(h.length + 100 * h.whole) AS best
    FROM dialled_heads AS h
    JOIN prefixes AS x ON x.kind = 'destination' AND x.prefix = h.head AND x.whole = h.whole
    GROUP BY h.dialled
), destinations AS (
    SELECT l.dialled AS dialled, x.zone AS zone, x.code AS code
    FROM dialled_best AS l
    JOIN prefixes AS x
        ON x.kind = 'destination' AND x.prefix = SUBSTR(l.dialled, 1, l.best % 100) AND x.whole = l.best // 100
), visited_networks AS (
    SELECT DISTINCT p.network AS network FROM placed AS p WHERE p.at_home = 0
), visited_lengths AS (
    SELECT v.network AS network, MAX(n.length) AS length
    FROM visited_networks AS v
    JOIN lengths AS n ON n.kind = 'roaming' AND n.length <= LENGTH(v.network)
    JOIN prefixes AS x ON x.kind = 'roaming' AND x.prefix = SUBSTR(v.network, 1, n.length)
    GROUP BY v.network
), visited AS (
    SELECT l.network AS network, x.zone AS zone, x.code AS code
    FROM visited_lengths AS l
    JOIN prefixes AS x ON x.kind = 'roaming' AND x.prefix = SUBSTR(l.network, 1, l.length)
), zoned AS (
    SELECT
        p.*,
        CASE WHEN k.hour IS NULL THEN 0 ELSE 1 END AS peak,
        COALESCE(d.zone, 0) AS destination,
        CASE WHEN p.at_home = 1 THEN 0 ELSE v.zone END AS roaming,
        CASE WHEN p.at_home = 1 THEN COALESCE(d.code, '') ELSE COALESCE(v.code, '') END AS zone,
        h.holding AS holding, h.tariff AS tariff,
        CASE p.kind WHEN 'voice' THEN h.voice WHEN 'sms' THEN h.sms ELSE h.data END AS package,
        LEAST(h.until, p.month_until) - GREATEST(h.since, p.month_since) AS share,
        p.month_until - p.month_since AS month_length
    FROM placed AS p
    LEFT JOIN destinations AS d ON d.dialled = p.dialled
    LEFT JOIN visited AS v ON v.network = p.network AND p.at_home = 0
    LEFT JOIN plans AS h ON h.subscriber = p.subscriber AND p.started >= h.since AND p.started < h.until
    LEFT JOIN peaks AS k
        ON k.weekday = (p.local_time // 86400 + 3) % 7 + 1 AND k.hour = p.local_time % 86400 // 3600
), rated AS (
    SELECT
        z.*,
        COALESCE(a.step, b.step) AS step,
        COALESCE(a.minimum, b.minimum) AS minimum,
        COALESCE(a.in_package, b.in_package, 0) AS in_package,
        CASE WHEN z.peak = 1 THEN COALESCE(a.price, b.price)
            ELSE COALESCE(a.off_peak_price, b.off_peak_price) END AS price
    FROM zoned AS z
    LEFT JOIN rates AS a
        ON a.tariff = z.tariff AND a.traffic = z.kind AND a.direction = z.direction AND a.roaming = z.roaming
        AND a.destination = z.destination AND z.destination <> 0
        AND z.started >= a.since AND z.started < a.until
    LEFT JOIN rates AS b
        ON b.tariff = z.tariff AND b.traffic = z.kind AND b.direction = z.direction AND b.roaming = z.roaming
        AND b.destination = 0
        AND z.started >= b.since AND z.started < b.until
), counted AS (
    SELECT
        r.*,
        CASE WHEN r.in_package = 0 THEN 0
            ELSE r.package // r.month_length * r.share + r.package % r.month_length * r.share // r.month_length
                - COALESCE(t.units, 0)
                - COALESCE(CAST(SUM(r.quantity) OVER (
                    PARTITION BY r.holding, r.month, r.kind, r.in_package
                    ORDER BY r.started, r.source, r.line
                    ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING) AS BIGINT), 0)
            END AS left_over
    FROM rated AS r
    LEFT JOIN used AS t ON t.holding = r.holding AND t.month = r.month AND t.kind = r.kind
), covered AS (
    SELECT
        c.*,
        CASE WHEN c.step IS NULL THEN 0 ELSE GREATEST(0, LEAST(c.quantity, c.left_over)) END AS free
    FROM counted AS c
), billed AS (
    SELECT
        c.*,
        CASE WHEN c.step IS NULL OR c.quantity = c.free THEN 0
            ELSE (GREATEST(c.quantity - c.free, c.minimum) + c.step - 1) // c.step END AS steps
    FROM covered AS c
)
SELECT
    b.subscriber AS subscriber, b.account AS account, b.number AS number, b.started AS started,
    b.local_time AS local_time, b.kind AS kind, b.direction AS direction, b.peer AS peer, b.network AS network,
    b.quantity AS quantity, b.zone AS zone,
    CASE
        WHEN b.at_home = 0 AND b.kind = 'voice' THEN '{Charge.VOICE_ROAMING}'
        WHEN b.at_home = 0 AND b.kind = 'sms' THEN '{Charge.SMS_ROAMING}'
        WHEN b.at_home = 0 THEN '{Charge.DATA_ROAMING}'
        WHEN b.kind = 'data' THEN '{Charge.DATA_HOME}'
        WHEN b.direction = 'in' AND b.kind = 'voice' THEN '{Charge.VOICE_IN}'
        WHEN b.direction = 'in' THEN '{Charge.SMS_IN}'
        WHEN LENGTH(b.dialled) > {SHORT_DIGITS} AND SUBSTR(b.dialled, 1, LENGTH(b.country_code)) <> b.country_code
            THEN CASE b.kind WHEN 'voice' THEN '{Charge.VOICE_INTL}' ELSE '{Charge.SMS_INTL}' END
        WHEN b.kind = 'voice' THEN '{Charge.VOICE_HOME}'
        ELSE '{Charge.SMS_HOME}'
    END AS charge,
    b.peak AS peak,
    b.steps * COALESCE(b.step, 0) AS billed,
    b.free AS free,
    b.steps * COALESCE(b.price, 0) AS amount_micros,
    CASE
        WHEN b.holding IS NULL THEN '{Problem.NO_PLAN}'
        WHEN b.roaming IS NULL THEN '{Problem.NO_NETWORK}'
        WHEN b.step IS NULL THEN '{Problem.NO_RATE}'
        ELSE ''
    END AS problem,
    b.late AS late, COALESCE(b.holding, 0) AS holding, b.month AS month, b.source AS source, b.line AS line
FROM billed AS b
"""  # noqa: S608  # constants of ours
