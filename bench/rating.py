"""A month of 5,000 numbers: its file taken in, rated, and read back as a stream, each in one thread."""

from bench.order_world import place, run_in


def main() -> None:
    with place("sqlite") as where:
        run_in(where, "bench.rating_work")
