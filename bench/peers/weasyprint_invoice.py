"""The invoice by WeasyPrint: the same texts, font, paper and tables."""

from html import escape

from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration

from abonent.formats.faces import FOLDER
from abonent.formats.invoice import Cover, Party, Table

STYLE = f"""
@font-face {{ font-family: Inter; font-weight: 400; src: url("file://{FOLDER}/Inter-Regular.ttf") }}
@font-face {{ font-family: Inter; font-weight: 600; src: url("file://{FOLDER}/Inter-SemiBold.ttf") }}
@page {{ size: A4; margin: 16mm 18mm 18mm;
  @bottom-right {{ font: 7.5pt Inter; content: counter(page) " / " counter(pages) }} }}
body {{ font: 9pt Inter; color: #17191c; margin: 0 }} h1 {{ font-size: 17pt; margin: 0 }} h2 {{ font-size: 11pt }}
table {{ border-collapse: collapse; width: 100%; table-layout: fixed }}
th {{ border-bottom: 0.7pt solid; text-align: right }}
td {{ border-bottom: 0.4pt solid #d9dce0; text-align: right }} th, td {{ padding: 3.4pt 3pt; vertical-align: top }}
.l {{ text-align: left }} .s {{ font-size: 7.5pt }} .two
{{ display: flex }} .two > * {{ flex: 1 }} .b td {{ font-weight: 600 }}
small {{ color: #5d636b; font-size: 7.5pt }} img {{ width: 28mm }}
"""


class Printer:
    """Fonts and styles are read once, as a worker would."""

    def __init__(self) -> None:
        self._fonts = FontConfiguration()
        self._style = CSS(string=STYLE, font_config=self._fonts)

    def render(self, cover: Cover) -> bytes:
        document = HTML(string=_page(cover))
        pdf: bytes = document.write_pdf(stylesheets=[self._style], font_config=self._fonts)
        return pdf


def _page(cover: Cover) -> str:
    facts = "".join(f"<div><small>{escape(label)}</small> {escape(value)}</div>" for label, value in cover.facts)
    code = cover.payment.svg.partition("?>")[2].partition('.dtd">')[2] if cover.payment else ""
    tables = _table(cover.summary, "") + (_table(cover.subscribers, "s") if cover.subscribers else "")
    return (
        f"<html lang={cover.language}><title>{escape(cover.title)}</title>"
        f"<body><div class=two><h1>{escape(cover.title)}</h1>"
        f"<div><small>{escape(cover.due.label)}</small><h1>{escape(cover.due.amount)}</h1>"
        f"{escape(cover.due.until)}</div></div>"
        f"<div class=two>{_party(cover.operator)}{_party(cover.client)}</div>{facts}{tables}"
        f"<p>{escape(' '.join(cover.words))}</p><p>{escape(' '.join(cover.notes))}</p>{code}</body></html>"
    )


def _party(party: Party) -> str:
    lines = "<br>".join(map(escape, party.lines))
    return f"<div><small>{escape(party.role)}</small><br><b>{escape(party.name)}</b><br>{lines}</div>"


def _table(table: Table, style: str) -> str:
    def row(cells: tuple[str, ...], tag: str) -> str:
        sides = ("class=l" if index < table.text_columns else "" for index in range(len(cells)))
        return "".join(f"<{tag} {side}>{escape(cell)}</{tag}>" for side, cell in zip(sides, cells, strict=True))

    body = "".join(f"<tr>{row(cells, 'td')}</tr>" for cells in table.rows)
    return (
        f"<h2>{escape(table.title)}</h2><table class={style or 'm'}><thead><tr>{row(table.columns, 'th')}</tr></thead>"
        f"<tbody>{body}<tr class=b>{row(table.total, 'td')}</tr></tbody></table>"
    )
