"""Documents with a layout, set by typst. What is passed in is data: no text in it is ever read as markup."""

import json
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Literal

import typst

from abonent.formats.faces import FOLDER, REPLACEMENT, load
from abonent.formats.text import GROUP_GAP, clean

Json = None | bool | int | str | Sequence["Json"] | Mapping[str, "Json"]
Standard = Literal["1.7", "a-3a", "ua-1"]
ARCHIVAL: tuple[Standard, ...] = ("a-3a", "ua-1")
TEMPLATES = Path(__file__).parent
_PRIVATE = {chr(code) for code in range(0xE000, 0xF900)}
_local = threading.local()  # a compiler must not be shared by threads, and is dear to make


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file inside the document: an invoice as XML beside the invoice for people."""

    name: str
    text: str
    mime: str
    description: str


def compile_document(
    template: Path,
    data: Mapping[str, Json],
    formed: datetime,
    *,
    standards: Sequence[Standard] = ARCHIVAL,
    attachments: Sequence[Attachment] = (),
) -> bytes:
    """The PDF of `template`, which reads `data` and `attachments` from `sys.inputs`; bytes are reproducible.

    A character that no font has becomes U+FFFD: one odd name must not keep an invoice from being made.
    """
    inputs = {"data": json.dumps(_printable(data), ensure_ascii=False), "attachments": json.dumps(_files(attachments))}
    document = _compiler().compile(
        input=template,
        root=template.parent,
        format="pdf",
        sys_inputs=inputs,
        pdf_standards=list(standards),
        timestamp=int(formed.timestamp()),
    )
    if not isinstance(document, bytes):
        raise TypeError("typst made no single file")
    return document


def _compiler() -> typst.Compiler:
    compiler: typst.Compiler | None = getattr(_local, "compiler", None)
    if compiler is None:
        fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FOLDER)])
        compiler = _local.compiler = typst.Compiler(font_paths=fonts, ignore_system_fonts=True)
    return compiler


def _files(attachments: Sequence[Attachment]) -> list[dict[str, str]]:
    return [{"name": a.name, "text": a.text, "mime": a.mime, "description": a.description} for a in attachments]


def _printable(value: Json) -> Json:
    if isinstance(value, str):
        return _drawable(value)
    if isinstance(value, Mapping):
        return {key: _printable(item) for key, item in value.items()}
    if isinstance(value, Sequence):
        return [_printable(item) for item in value]
    return value


def _drawable(text: str) -> str:
    text = "\n".join(map(clean, text.split("\n")))
    known = _known()
    return text if known.issuperset(text) else "".join(item if item in known else REPLACEMENT for item in text)


@cache
def _known() -> frozenset[str]:
    """What the fonts of a document have; private characters mean nothing that could be copied, so they are left out."""
    return (load("Inter-Regular").known | load("DejaVuSans").known | {"\n", GROUP_GAP}) - _PRIVATE
