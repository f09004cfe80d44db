"""Every format in which a report can be had. To add one is to add a file and a line here."""

from abonent.formats import delimited, html, pdf, plain, xlsx, xml
from abonent.formats.report import Format

WRITERS: dict[str, Format] = {
    "pdf": Format("pdf", "application/pdf", "PDF", pdf.write),
    "xlsx": Format("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "Excel", xlsx.write),
    "xml": Format("xml", "application/xml", "XML", xml.write),
    "html": Format("html", "text/html; charset=utf-8", "HTML", html.write),
    "txt": Format("txt", "text/plain; charset=utf-8", "TXT", plain.write),
    "csv": Format("csv", "text/csv; charset=utf-8", "CSV", delimited.write),
}
