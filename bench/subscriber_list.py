"""100,000 subscribers on one account: the page and the search, beside the bare query of a page."""

from bench.order_world import place, run_in


def main() -> None:
    with place("sqlite") as where:
        run_in(where, "bench.subscriber_list_work")
