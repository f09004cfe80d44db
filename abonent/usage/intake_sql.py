"""The SQL of the intake: lines → fields → verdicts → records with their owner, account and billing month."""

from abonent.usage.layout import (
    AHEAD_SECONDS,
    COLUMNS,
    LINE_LIMIT,
    MAX_BYTES,
    MAX_MESSAGES,
    MAX_SECONDS,
    SEPARATOR,
    Reason,
)
from abonent.usage.lines import BAD, FIELD_END

READ = f"""
CREATE TEMP TABLE lines AS
SELECT ROW_NUMBER() OVER () + 1 AS line, text
FROM read_csv($path, columns = {{'text': 'VARCHAR'}}, delim = '{FIELD_END}', quote = '', escape = '', comment = '',
    header = false, auto_detect = false, new_line = '\\n', strict_mode = false)
"""  # noqa: S608  # constants of ours

_TIME = r"\d{4}-\d\d-\d\dT([01]\d|2[0-3]):[0-5]\d:[0-5]\d(Z|[+-](0\d|1[0-4]):[0-5]\d)"

_PARSE = f"""
CREATE TEMP TABLE parsed AS
WITH split AS (
    SELECT line, text, STRING_SPLIT(text, '{SEPARATOR}') AS f FROM lines
), named AS (
    SELECT line, text, LEN(f) AS width, f[1] AS number, f[2] AS kind, f[3] AS direction,
        CASE WHEN REGEXP_FULL_MATCH(f[4], '{_TIME}') THEN f[4] END AS start,
        CASE WHEN REGEXP_FULL_MATCH(f[5], '[0-9]{{1,15}}') THEN CAST(f[5] AS BIGINT) END AS quantity,
        COALESCE(f[6], '') AS peer, COALESCE(f[7], '') AS network
    FROM split
), timed AS (
    SELECT *, EPOCH_US(TRY_CAST(SUBSTR(start, 1, 19) AS TIMESTAMP)) // 1000000
        - CASE WHEN start LIKE '%Z' THEN 0
          ELSE CAST(SUBSTR(start, 20, 1) || '1' AS BIGINT)
              * (CAST(SUBSTR(start, 21, 2) AS BIGINT) * 3600 + CAST(SUBSTR(start, 24, 2) AS BIGINT) * 60)
          END AS started
    FROM named
)
SELECT line, text, number, kind, direction, started, quantity, peer, network,
    CASE
        WHEN text LIKE '%{BAD}%' THEN '{Reason.ENCODING}'
        WHEN LENGTH(text) > {LINE_LIMIT} THEN '{Reason.LENGTH}'
        WHEN width <> {len(COLUMNS)} THEN '{Reason.COLUMNS}'
        WHEN NOT REGEXP_FULL_MATCH(number, '[A-Za-z0-9._@-]{{1,32}}') THEN '{Reason.NUMBER}'
        WHEN kind NOT IN ('voice', 'sms', 'data') THEN '{Reason.KIND}'
        WHEN NOT (direction = 'out' OR direction = 'in' AND kind <> 'data') THEN '{Reason.DIRECTION}'
        WHEN started IS NULL THEN '{Reason.TIME}'
        WHEN started > $now + {AHEAD_SECONDS} THEN '{Reason.FUTURE}'
        WHEN started < $oldest THEN '{Reason.OLD}'
        WHEN quantity IS NULL OR quantity > CASE kind WHEN 'voice' THEN {MAX_SECONDS} WHEN 'sms' THEN {MAX_MESSAGES}
            ELSE {MAX_BYTES} END OR (kind <> 'voice' AND quantity < 1) THEN '{Reason.QUANTITY}'
        WHEN NOT REGEXP_FULL_MATCH(peer, '([^\\s]([^;]{{0,62}}[^\\s])?)?') THEN '{Reason.PEER}'
        WHEN NOT REGEXP_FULL_MATCH(network, '([A-Z]{{3}}[A-Z0-9]{{2}})?') THEN '{Reason.NETWORK}'
    END AS reason
FROM timed
"""  # noqa: S608  # constants of ours

_OWN = f"""
CREATE TEMP TABLE owned AS
SELECT p.line, p.text, n.subscriber, a.account, p.number, p.kind, p.direction, p.started, p.quantity, p.peer, p.network,
    CASE
        WHEN p.reason IS NOT NULL THEN p.reason
        WHEN n.subscriber IS NULL THEN '{Reason.UNKNOWN_NUMBER}'
        WHEN a.account IS NULL THEN '{Reason.NO_ACCOUNT}'
    END AS reason
FROM parsed AS p
LEFT JOIN numbers AS n
    ON p.reason IS NULL AND n.number = p.number AND p.started >= n.since AND p.started < n.until
LEFT JOIN accounts AS a
    ON a.subscriber = n.subscriber AND p.started >= a.since AND p.started < a.until
"""  # noqa: S608  # constants of ours

VERDICTS = (_PARSE, _OWN)
"""To run in turn; parameters of the first: `now`, `oldest` (epoch seconds)."""

PLACE = """
CREATE OR REPLACE TEMP TABLE placed AS
SELECT o.subscriber, o.account, o.number, o.kind, o.direction, o.started, o.quantity, o.peer, o.network,
    CAST(s.month <= $closed AS BOOLEAN) AS late, CAST($source AS BIGINT) AS source, o.line,
    GREATEST(s.month, $closed + 1) AS month, o.subscriber % $buckets AS bucket
FROM owned AS o
JOIN spans AS s ON o.started >= s.since AND o.started < s.until
WHERE o.reason IS NULL
"""

RECORDS = (
    "subscriber, account, number, kind, direction, started, quantity, peer, network, late, source, line"  # the columns
)
