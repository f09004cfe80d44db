"""A cover and its annexes as one PDF. The cover's title, language, metadata and attachments stay."""

import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import BinaryIO

import pikepdf
from pikepdf import Array, Dictionary, Name

_LEVEL, _ACCESSIBLE = "pdfaid:conformance", "pdfuaid:part"
_UNICODE = "U"


def join(cover: bytes, annexes: Iterable[Path], out: Path | BinaryIO) -> int:
    """Write `cover` followed by `annexes` (files of `formats/pdf.py`) to `out`; returns the number of pages.

    Annexes are read from disk as they are copied, so memory follows the number of their pages (a few kB each) and not
    their size. Each part keeps the page numbers printed on it; viewers offer the parts as an outline. The whole claims
    what holds for all of it: an annex is fit for an archive and says which characters it shows (PDF/A-3u), but it is
    tagged as a paragraph for each page and not as a table (so neither 3a nor UA).
    """
    parts = [pikepdf.open(io.BytesIO(cover)), *map(pikepdf.open, annexes)]
    try:
        whole = parts[0]
        starts = [(_title(whole), 0)]
        for annex in parts[1:]:
            title, first = _title(annex), len(whole.pages)
            starts.append((title, first))
            whole.pages.extend(annex.pages)
            _tag(whole, title, whole.pages[first:])
        if len(parts) > 1:
            _outline(whole, starts)
            _claim_less(whole)
        whole.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
        return len(whole.pages)
    finally:
        for part in parts:
            part.close()


def pages_in(part: bytes | Path) -> int:
    """How many pages a PDF has."""
    with pikepdf.open(io.BytesIO(part) if isinstance(part, bytes) else part) as pdf:
        return len(pdf.pages)


def _title(part: pikepdf.Pdf) -> str:
    return str(part.docinfo.get("/Title", ""))


def _outline(whole: pikepdf.Pdf, starts: list[tuple[str, int]]) -> None:
    with whole.open_outline() as outline:
        outline.root[:] = [pikepdf.OutlineItem(title, page) for title, page in starts]


def _claim_less(whole: pikepdf.Pdf) -> None:
    with whole.open_metadata(set_pikepdf_as_editor=False) as metadata:
        if _LEVEL in metadata:
            metadata[_LEVEL] = _UNICODE
        if _ACCESSIBLE in metadata:
            del metadata[_ACCESSIBLE]


def _tag(whole: pikepdf.Pdf, title: str, pages: Sequence[pikepdf.Page]) -> None:
    """Put the pages of an annex into the cover's structure: what stands outside it a screen reader passes over.

    What a page shows is one marked part, which two tiny streams begin and end on every page alike.
    """
    if "/StructTreeRoot" not in whole.Root:
        return
    structure = whole.Root.StructTreeRoot
    top = structure.K[0] if isinstance(structure.K, Array) else structure.K
    section = whole.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Sect, P=top, T=title, K=Array()))
    top.K.append(section)
    begin, end = (whole.make_stream(mark) for mark in (b"/P <</MCID 0>> BDC\n", b"\nEMC"))
    parents = pikepdf.NumberTree(structure.ParentTree)
    key = max(parents, default=-1) + 1
    for key, page in enumerate(pages, key):  # noqa: B020  # counted on from the last one
        paragraph = whole.make_indirect(Dictionary(Type=Name.StructElem, S=Name.P, P=section, Pg=page.obj, K=0))
        section.K.append(paragraph)
        page.obj.Contents = Array([begin, page.obj.Contents, end])
        page.obj.StructParents = key
        page.obj.Tabs = Name.S
        parents[key] = Array([paragraph])
    structure.ParentTreeNextKey = key + 1
