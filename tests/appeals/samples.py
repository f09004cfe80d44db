"""Files that people send, honest and otherwise."""

import io
import zipfile
from typing import BinaryIO

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
JPEG = b"\xff\xd8\xff\xe0" + bytes(64)
TEXT = "Список номеров: 375291110001\n".encode()
HTML = b"<!DOCTYPE html><html><script>alert(1)</script></html>"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
EXE = b"MZ\x90\x00\x03" + bytes(200)
ELF = b"\x7fELF\x02\x01\x01" + bytes(200)


def stream(content: bytes) -> BinaryIO:
    return io.BytesIO(content)


def package(**parts: bytes) -> bytes:
    """A ZIP with these parts; `__` in a name stands for `/`, `_DOT_` for a dot."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_DOT_", "."), content)
    return out.getvalue()


def office(main: str = "xl/workbook.xml", **more: bytes) -> bytes:
    """The least that looks like an Office file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr(main, "<workbook/>")
        for name, content in more.items():
            archive.writestr(name.replace("__", "/").replace("_DOT_", "."), content)
    return out.getvalue()


def bomb() -> bytes:
    """100 kB that become 100 MB, in a part that nobody looks at."""
    return office(xl__media__image_DOT_png=bytes(100 * 1024 * 1024))
