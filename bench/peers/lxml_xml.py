"""The call details by lxml's incremental writer: the same elements."""

from pathlib import Path

from lxml import etree

from abonent.formats.report import Report
from abonent.formats.text import for_machines


def write(report: Report, path: Path) -> None:
    with etree.xmlfile(str(path), encoding="utf-8") as file, file.element("report"):
        for section in report.sections:
            names = [column.key for column in section.columns]
            readers = [for_machines(column) for column in section.columns]
            with file.element("section"):
                for row in section.rows:
                    element = etree.Element("row")
                    for name, read, value in zip(names, readers, row, strict=True):
                        etree.SubElement(element, name).text = read(value)
                    file.write(element)
