"""How long a log-in takes for somebody who is known, beside somebody who is not: the difference must tell nothing."""

from bench.order_world import place, run_in


def main() -> None:
    with place("sqlite") as where:
        run_in(where, "bench.log_in_timing_work")
