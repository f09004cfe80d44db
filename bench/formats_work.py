"""Call details in every format from the store to the file: `python -m bench.formats_work 1000,100000 FOLDER`."""

import datetime as dt
import sys
from pathlib import Path

import django

django.setup()

from abonent.documents.call_params import CallParams  # noqa: E402  # the settings come first
from abonent.expenses.formats.content import Row  # noqa: E402
from abonent.expenses.formats.reading import read  # noqa: E402
from abonent.lib.periods import Month  # noqa: E402
from bench import documents_work as documents  # noqa: E402
from bench.formats import FEW, FORMS, GROWTH, MANY  # noqa: E402
from bench.measure import Work, figure, in_child  # noqa: E402

LAST = Month(2026, 10)
MOST_MONTHS = 4  # since the company came


def end_to_end(form: str, month: str, path: str) -> Work:
    asked = Month.parse(month)
    params = CallParams(asked.first_day, asked.last_day).kept()
    return documents.making("call_details", dict(params), form, Path(path))


def main(counts: list[int], folder: Path) -> None:
    """The rows are those of the calls and of the sums above them."""
    counts = sorted({*counts, FEW})[:MOST_MONTHS]
    months = {count: LAST.plus(-place) for place, count in enumerate(counts)}
    documents.make_place()
    for count, month in months.items():
        documents.fill(folder, month, count)
    for form in FORMS:
        peaks = []
        for count, month in months.items():
            own, times = folder / f"own.{form}", 1 if count >= MANY else 3
            cost = in_child("bench.formats_work:end_to_end", form, str(month), own, times=times)
            rows = documents.wanted_rows("xml", month)
            if count < MANY:
                assert rows_in(own) == rows, (form, count)
            note = f"end to end, from the store to the file: {rows} rows with sums; peak {cost.peak_mb:.0f} MB"
            figure(f"formats.{form}.{count}.end_to_end", rows / cost.seconds, "rows/s", note=note)
            peaks.append(in_child("bench.formats_work:end_to_end", form, str(month), own, times=1).peak_mb)
        note = f"from {FEW} to {counts[-1]} records; aim: {GROWTH}"
        grown = peaks[-1] - peaks[counts.index(FEW)]
        figure(f"formats.{form}.end_to_end.growth_mb", grown, "MB", note=note)


def rows_in(path: Path) -> int:
    with path.open("rb") as stream:
        return sum(isinstance(item, Row) for item in read(stream, dt.UTC))


if __name__ == "__main__":
    main([int(count) for count in sys.argv[1].split(",")], Path(sys.argv[2]))
