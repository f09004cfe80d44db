"""The call details by the csv module, value by value: the same texts, without their cleaning."""

import csv
from pathlib import Path

from abonent.formats.report import Report
from abonent.formats.text import for_machines


def write(report: Report, path: Path) -> None:
    with path.open("w", newline="", encoding="utf-8-sig") as stream:
        writer = csv.writer(stream, delimiter=";")
        for section in report.sections:
            writer.writerow([column.title for column in section.columns])
            readers = [for_machines(column) for column in section.columns]
            for row in section.rows:
                writer.writerow([read(value) for read, value in zip(readers, row, strict=True)])
