"""`python -m bench` runs every bench, `python -m bench NAME…` those that are named."""

import importlib
import sys

BENCHES = (
    *("journal", "invoice_pdf", "call_details", "subscriber_list", "rating", "bulk_order", "crash", "rights", "tree"),
    *("access_matrix", "log_in_timing", "orders", "crash_orders", "pages_under_load"),
    *("formats", "read_back", "bill_delivery"),
)


def main(names: list[str]) -> None:
    unknown = set(names) - set(BENCHES)
    if unknown:
        sys.exit(f"No such bench: {', '.join(sorted(unknown))}. There are: {', '.join(BENCHES)}.")
    for name in names or BENCHES:
        importlib.import_module(f"bench.{name}").main()


if __name__ == "__main__":
    main(sys.argv[1:])
