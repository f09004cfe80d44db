"""The home, list and card pages, and a small write, while an order for 100,000 numbers runs; and when none does.

On SQLite and PostgreSQL. `ROWS=5000`, `REQUESTS=50` and `DATABASES=sqlite` make it smaller.
"""

import os

from bench.order_world import DATABASES, place, run_in

ROWS, REQUESTS = "100000", "150"


def main() -> None:
    rows, requests = os.environ.get("ROWS", ROWS), os.environ.get("REQUESTS", REQUESTS)
    for kind in os.environ.get("DATABASES", ",".join(DATABASES)).split(","):
        with place(kind) as where:
            run_in(where, "bench.pages_under_load_work", kind, rows, requests)


if __name__ == "__main__":
    main()
