"""An order for 10,000 numbers, from the upload of its file to the last row done, with the product's own worker."""

from bench.order_world import DATABASES, place, run_in

ROWS = 10_000


def main() -> None:
    for kind in DATABASES:
        with place(kind) as where:
            run_in(where, "bench.bulk_order_work", kind, str(ROWS))


if __name__ == "__main__":
    main()
