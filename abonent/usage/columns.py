"""What can be asked of a record, each column an SQL expression: documents get their text ready from the store."""

from abonent.usage.layout import MEGABYTE

_LOCAL = "MAKE_TIMESTAMP(local_time * 1000000)"
_CLOCK = (
    "CONCAT(quantity // 3600, ':', LPAD(CAST(quantity // 60 % 60 AS VARCHAR), 2, '0'), ':', "
    "LPAD(CAST(quantity % 60 AS VARCHAR), 2, '0'))"
)
_MEGABYTES = f"CAST(CAST(quantity AS DECIMAL(18, 0)) / {MEGABYTE} AS DECIMAL(18, 3))"

COLUMNS = {
    "subscriber": "subscriber",
    "account": "account",
    "number": "number",
    "started": "started",
    "local": f"STRFTIME({_LOCAL}, '%Y-%m-%d %H:%M:%S')",
    "date": f"STRFTIME({_LOCAL}, '%d.%m.%Y')",
    "time": f"STRFTIME({_LOCAL}, '%H:%M:%S')",
    "utc_offset": "local_time - started",
    "kind": "kind",
    "direction": "direction",
    "peer": "peer",
    "network": "network",
    "zone": "zone",
    "charge": "charge",
    "peak": "peak",
    "quantity": "quantity",
    "volume": (
        f"CASE kind WHEN 'voice' THEN {_CLOCK} WHEN 'sms' THEN CAST(quantity AS VARCHAR) "
        f"ELSE CAST({_MEGABYTES} AS VARCHAR) END"
    ),
    "seconds": "CASE kind WHEN 'voice' THEN quantity END",
    "messages": "CASE kind WHEN 'sms' THEN quantity END",
    "bytes": "CASE kind WHEN 'data' THEN quantity END",
    "billed": "billed",
    "free": "free",
    "amount_micros": "amount_micros",
    "amount": "CAST(CAST(amount_micros AS DECIMAL(18, 0)) / 1000000 AS DECIMAL(18, 6))",
    "problem": "problem",
    "late": "late",
    "line": "line",
}
"""Name → expression over a rated part.

`started` is epoch seconds UTC; `local`, `date`, `time` are text in the profile's zone; `utc_offset` is seconds;
`volume` is `1:02:03` for calls, a count for messages, megabytes with three decimals for data; `zone` and `charge` are
codes (`Zone.code`, `layout.Charge`); `amount_micros` is in millionths, net of VAT, `amount` the same as a Decimal.
"""

DEFAULT = (
    "subscriber",
    "account",
    "number",
    "local",
    "kind",
    "direction",
    "peer",
    "network",
    "zone",
    "charge",
    "quantity",
    "billed",
    "free",
    "amount_micros",
)
