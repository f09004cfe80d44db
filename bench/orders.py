"""Orders of each kind for many numbers, from the upload of the file to the last row done, by the product's workers.

100,000 rows each, on SQLite with one worker and on PostgreSQL with one and two; `ROWS=2000` makes them smaller,
`DATABASES=sqlite`, `WORKERS=1` and `KINDS=rename,block` leave out the others.
"""

import os

from bench.order_world import DATABASES, place, run_in

ROWS = 100_000
WORKERS = ("1", "2")
KINDS = (
    *("connect_service", "change_plan", "change_option_set", "rename", "forwarding"),
    *("replace_sim", "change_numbers", "block", "unblock", "terminate"),
)


def main() -> None:
    rows = os.environ.get("ROWS", str(ROWS))
    databases = os.environ.get("DATABASES", ",".join(DATABASES)).split(",")
    workers = os.environ.get("WORKERS", ",".join(WORKERS)).split(",")
    kinds = os.environ.get("KINDS", ",".join(KINDS))
    for database in databases:
        for many in workers:
            with place(database) as where:
                run_in(where, "bench.orders_work", database, rows, many, kinds)


if __name__ == "__main__":
    main()
