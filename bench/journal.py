"""100,000 entries of the journal: sealed, verified, and each thing that can be done to them found out (V6)."""

from bench.order_world import DATABASES, place, run_in


def main() -> None:
    for kind in DATABASES:
        with place(kind) as where:
            run_in(where, "bench.journal_work", kind)
