"""A table that a page hands out as a file, in the format that `?format=` names; Excel where it names none."""

import tempfile

from django.http import FileResponse, Http404, HttpRequest

from abonent.documents.downloads import DOWNLOADS
from abonent.formats.report import Report
from abonent.formats.writers import WRITERS

USUAL = "xlsx"


def exported(request: HttpRequest, report: Report, name: str) -> FileResponse:
    """The file `name` (without extension) of one of `DOWNLOADS`; 404 for a format in which it cannot be had."""
    wanted = request.GET.get("format", USUAL)
    if wanted not in DOWNLOADS[report.key]:
        raise Http404
    return _file(report, name, wanted)


def as_excel(report: Report, name: str) -> FileResponse:
    """A list to be changed in Excel and sent back."""
    return _file(report, name, USUAL)


def _file(report: Report, name: str, key: str) -> FileResponse:
    writer = WRITERS[key]
    stream = tempfile.TemporaryFile()  # noqa: SIM115  # the response closes it
    writer.write(report, stream, _ignore)
    stream.seek(0)
    return FileResponse(stream, as_attachment=True, filename=f"{name}.{writer.extension}", content_type=writer.mime)


def _ignore(_rows: int) -> None:
    """It is quick enough to need no progress."""
