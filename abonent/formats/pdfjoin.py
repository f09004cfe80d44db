"""A cover and its annexes as one PDF. The cover's title, language, metadata and attachments stay."""

import io
from collections.abc import Iterable
from pathlib import Path
from typing import BinaryIO

import pikepdf

_CLAIMS = ("pdfaid:part", "pdfaid:conformance", "pdfaid:rev", "pdfuaid:part")


def join(cover: bytes, annexes: Iterable[Path], out: Path | BinaryIO) -> int:
    """Write `cover` followed by `annexes` to `out`; returns the number of pages.

    Annexes are read from disk as they are copied, so memory follows the number of their pages (a few kB each) and not
    their size. Each part keeps the page numbers printed on it; viewers count through and offer the parts as an
    outline. A file with annexes no longer calls itself PDF/A or PDF/UA, since an annex is neither.
    """
    parts = [pikepdf.open(io.BytesIO(cover)), *map(pikepdf.open, annexes)]
    try:
        whole = parts[0]
        starts = [(_title(whole), 0)]
        for annex in parts[1:]:
            starts.append((_title(annex), len(whole.pages)))
            whole.pages.extend(annex.pages)
        if len(parts) > 1:
            _outline(whole, starts)
            _disclaim(whole)
        whole.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
        return len(whole.pages)
    finally:
        for part in parts:
            part.close()


def _title(part: pikepdf.Pdf) -> str:
    return str(part.docinfo.get("/Title", ""))


def _outline(whole: pikepdf.Pdf, starts: list[tuple[str, int]]) -> None:
    with whole.open_outline() as outline:
        outline.root[:] = [pikepdf.OutlineItem(title, page) for title, page in starts]


def _disclaim(whole: pikepdf.Pdf) -> None:
    with whole.open_metadata(set_pikepdf_as_editor=False) as metadata:
        for claim in _CLAIMS:
            if claim in metadata:
                del metadata[claim]
