"""The call details by Django's template engine: the same cells, escaped by it."""

from pathlib import Path

from django.template import Context, Engine

from abonent.formats.report import Report
from abonent.formats.text import for_people

ROW = "<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>\n"
CHUNK = "{% for row in rows %}" + ROW + "{% endfor %}"


def write(report: Report, path: Path) -> None:
    template = Engine().from_string(CHUNK)
    with path.open("w", encoding="utf-8") as stream:
        for section in report.sections:
            readers = [for_people(column, report.language) for column in section.columns]
            rows = ([read(value) for read, value in zip(readers, row, strict=True)] for row in section.rows)
            stream.write("<table>" + template.render(Context({"rows": rows})) + "</table>")
