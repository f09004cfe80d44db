"""A file that somebody sent goes out as a download, whatever it is: no browser shows or runs it from here."""

from django.http import FileResponse

from abonent.appeals.models import Attachment

SANDBOX = "default-src 'none'; sandbox"


def as_download(attachment: Attachment) -> FileResponse:
    """FileNotFoundError where the storage has lost it."""
    file = attachment.file
    response = FileResponse(file.open(), as_attachment=True, filename=file.name, content_type=file.mime)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = SANDBOX
    return response
