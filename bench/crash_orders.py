"""`kill -9` of the worker 100 times during an order for 10,000 numbers, 10 hard restarts of PostgreSQL meanwhile.

The network loses 5 % of its answers after it has done what it was told. By the network's own log, by the charges and by
the journal nothing is lost and nothing doubled. `ROWS`, `KILLS`, `RESTARTS` and `DATABASES=sqlite` make it smaller.
"""

import os

from bench.order_world import DATABASES, place, run_in

ROWS, KILLS, RESTARTS, SEED = "10000", "100", "10", "20261121"
BATCH = "50"
NETWORK = f"trying://?delay_ms=20&timeout_after_share=0.05&seed={SEED}"


def main() -> None:
    rows, kills = os.environ.get("ROWS", ROWS), os.environ.get("KILLS", KILLS)
    restarts = os.environ.get("RESTARTS", RESTARTS)
    for kind in os.environ.get("DATABASES", ",".join(DATABASES)).split(","):
        with place(kind, NETWORK) as where:
            hard = restarts if kind == "postgresql" else "0"
            run_in(where, "bench.crash_work", kind, rows, kills, SEED, BATCH, hard)


if __name__ == "__main__":
    main()
