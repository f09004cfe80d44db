"""A report as one HTML page that needs nothing beside it: no script, no link, no image."""

from datetime import datetime
from html import escape
from typing import BinaryIO

from abonent.formats.report import Cell, Column, Kind, Progress, Report, Row, Section, in_chunks
from abonent.formats.text import Encoder, cached, clean, for_people, moment

STYLE = """
:root{color-scheme:light dark;font:15px/1.45 Inter,"Segoe UI",system-ui,sans-serif}
body{margin:24px auto;max-width:1400px;padding:0 16px}
h1{font-size:24px;margin:0 0 12px}h2{font-size:17px;margin:28px 0 8px}
dl{display:grid;grid-template-columns:max-content 1fr;gap:2px 16px;margin:0}dt{opacity:.7}dd{margin:0}
.table{overflow-x:auto;margin-top:16px}table{border-collapse:collapse;width:100%;font-size:13px;font-variant-numeric:tabular-nums}
th{text-align:left;vertical-align:bottom;border-bottom:1px solid;position:sticky;top:0;background:Canvas}
th,td{padding:5px 8px}td{border-bottom:1px solid color-mix(in srgb,currentColor 15%,transparent)}
.n{text-align:right;white-space:nowrap}.p{white-space:nowrap}i{font-style:normal;margin-left:.18em}
tfoot td{font-weight:600;border-top:1px solid}footer{margin-top:16px;opacity:.7;font-size:13px}
@media print{body{margin:0;max-width:none}thead{display:table-header-group}tr{break-inside:avoid}th{position:static}}
"""
GAP = "\x01"  # stands for the gap between thousands until the text is escaped
CLASSES = {Kind.PHONE: ' class="p"', Kind.DATETIME: ' class="p"', Kind.DATE: ' class="p"'}


def write(report: Report, stream: BinaryIO, progress: Progress) -> None:
    stream.write(_opening(report).encode())
    done = 0
    for section in report.sections:
        encoders = [_encoder(column, report.language) for column in section.columns]
        stream.write(_section_opening(section).encode())
        row = _row_template(section.columns)
        for chunk in in_chunks(section.rows):
            shown = [map(encode, cells) for encode, cells in zip(encoders, zip(*chunk, strict=True), strict=True)]
            stream.write("".join(map(row.__mod__, zip(*shown, strict=True))).encode())
            done += len(chunk)
            progress(done)
        stream.write(_section_closing(row, section.total_row(), encoders).encode())
    formed = moment(report.formed, report.language)
    stream.write(f"<footer>{formed}</footer>\n</body></html>\n".encode())


def _opening(report: Report) -> str:
    facts = "".join(f"<dt>{_text(fact.label)}</dt><dd>{_text(fact.value)}</dd>\n" for fact in report.facts)
    return (
        f'<!DOCTYPE html>\n<html lang="{escape(report.language)}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width,initial-scale=1">'
        f"<title>{_text(report.title)}</title><style>{STYLE}</style></head>\n"
        f"<body><h1>{_text(report.title)}</h1>\n<dl>{facts}</dl>\n"
    )


def _section_opening(section: Section) -> str:
    heads = "".join(f'<th scope="col"{_class(column)}>{_text(column.title)}</th>' for column in section.columns)
    title = f"<h2>{_text(section.title)}</h2>\n" if section.title else ""
    return f'{title}<div class="table"><table><thead><tr>{heads}</tr></thead><tbody>\n'


def _section_closing(row: str, totals: Row | None, encoders: list[Encoder[str]]) -> str:
    foot = ""
    if totals is not None:
        cells = tuple(encode(cell) for encode, cell in zip(encoders, totals, strict=True))
        foot = f"<tfoot>{row % cells}</tfoot>"
    return f"</tbody>{foot}</table></div>\n"


def _row_template(columns: tuple[Column, ...]) -> str:
    return "<tr>" + "".join(f"<td{_class(column)}>%s</td>" for column in columns) + "</tr>\n"


def _class(column: Column) -> str:
    return ' class="n"' if column.kind.numeric else CLASSES.get(column.kind, "")


def _encoder(column: Column, language: str) -> Encoder[str]:
    """Thousands are set apart by a margin, not by a character: what is copied is a number."""
    read = for_people(column, language, GAP)

    def encode(value: Cell) -> str:
        text = read(value)
        if GAP not in text:
            return escape(text, quote=False)
        first, *rest = text.split(GAP)
        return escape(first, quote=False) + "".join(f"<i>{escape(part, quote=False)}</i>" for part in rest)

    if column.kind is Kind.DATETIME:
        return lambda value: read(value) if isinstance(value, datetime) else encode(value)
    return cached(encode)


def _text(text: str) -> str:
    return escape(clean(text))
