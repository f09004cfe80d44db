"""The check of each request, and who may do something among 1,000 people × 5,000 folders, beside the bare queries."""

from bench.order_world import place, run_in


def main() -> None:
    with place("sqlite") as where:
        run_in(where, "bench.rights_work")
