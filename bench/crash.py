"""`kill -9` of the worker 20 times during an order for 10,000 numbers: nothing lost, nothing doubled."""

from bench.order_world import DATABASES, place, run_in

ROWS, KILLS, SEED = 10_000, 20, 20261120


def main() -> None:
    for kind in DATABASES:
        with place(kind) as where:
            run_in(where, "bench.crash_work", kind, str(ROWS), str(KILLS), str(SEED))


if __name__ == "__main__":
    main()
