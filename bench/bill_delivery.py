"""The bill run of a month and the delivery of every invoice as PDF by mail, each stage by itself and all together.

`ACCOUNTS=300` makes it smaller than 10,000; `DATABASES=sqlite,postgresql` takes both databases. The letters go to a
mail server on loopback, which counts them.
"""

import os

from bench.order_world import place, run_in
from bench.smtp_sink import sink

ACCOUNTS = "10000"


def main() -> None:
    accounts = os.environ.get("ACCOUNTS", ACCOUNTS)
    for kind in os.environ.get("DATABASES", "sqlite").split(","):
        with place(kind) as where, sink(where.folder / "letters.json") as port:
            where.environment["ABONENT_EMAIL_URL"] = f"smtp://127.0.0.1:{port}"
            run_in(where, "bench.bill_delivery_world", accounts)
            run_in(where, "bench.bill_delivery_work", kind)


if __name__ == "__main__":
    main()
