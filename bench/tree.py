"""100,000 numbers on one account and 5,000 folders: opening a level, selecting 10,000 numbers, the filter."""

from bench.order_world import place, run_in


def main() -> None:
    with place("sqlite") as where:
        run_in(where, "bench.tree_work")
