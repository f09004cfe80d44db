"""Workbooks made by hand, honest and hostile."""

import io
import struct
import zipfile
from collections.abc import Iterable

_NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_REL = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = 'xmlns="http://schemas.openxmlformats.org/package/2006/relationships"'


def package(sheet: str | bytes, strings: str = "", declaration: str = "") -> bytes:
    """An .xlsx whose only sheet is `sheet`, the inside of `sheetData` (or the whole part, if bytes)."""
    parts: dict[str, str | bytes] = {
        "_rels/.rels": relations(("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook {_NS} xmlns:r="{_REL}"><sheets><sheet name="A" r:id="r0"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": relations(
            ("worksheet", "worksheets/sheet1.xml"), ("sharedStrings", "sharedStrings.xml")
        ),
        "xl/worksheets/sheet1.xml": sheet
        if isinstance(sheet, bytes)
        else f"{declaration}<worksheet {_NS}><sheetData>{sheet}</sheetData></worksheet>",
        "xl/sharedStrings.xml": f"<sst {_NS}>{strings}</sst>",
    }
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return stream.getvalue()


def relations(*targets: tuple[str, str]) -> str:
    items = (f'<Relationship Id="r{n}" Type="{_REL}/{kind}" Target="{to}"/>' for n, (kind, to) in enumerate(targets))
    return f"<Relationships {_PACKAGE}>{''.join(items)}</Relationships>"


def numbers(values: Iterable[str]) -> str:
    return "".join(
        f'<row r="{row}"><c r="A{row}"><v>{value}</v></c></row>' for row, value in enumerate(values, start=1)
    )


def bomb(filling: bytes, times: int) -> bytes:
    head = f"<worksheet {_NS}><sheetData>".encode()
    return package(head + filling * times + b"</sheetData></worksheet>")


def with_forged_sizes(data: bytes, size: int) -> bytes:
    """The same archive, whose directory and local headers say that every part inflates to `size` bytes."""
    forged = bytearray(data)
    for mark, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        at = forged.find(mark)
        while at >= 0:
            struct.pack_into("<I", forged, at + offset, size)
            at = forged.find(mark, at + 4)
    return bytes(forged)
