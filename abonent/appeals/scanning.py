"""What a file that was sent really is: its first bytes decide, its name must agree, and only a few kinds are taken."""

from dataclasses import dataclass
from enum import StrEnum
from typing import BinaryIO

from django.utils.translation import gettext as _

from abonent import profile
from abonent.formats import package
from abonent.formats.refusal import Reason as PackageReason
from abonent.formats.refusal import WorkbookRefused

MEGABYTE = 1024 * 1024
HEAD = 4096
PIECE = 64 * 1024


class Kind(StrEnum):
    PDF = "pdf"
    PNG = "png"
    JPEG = "jpeg"
    TXT = "txt"
    CSV = "csv"
    XLSX = "xlsx"
    DOCX = "docx"


_OFFICE = "application/vnd.openxmlformats-officedocument"
MIMES = {
    Kind.PDF: "application/pdf",
    Kind.PNG: "image/png",
    Kind.JPEG: "image/jpeg",
    Kind.TXT: "text/plain; charset=utf-8",
    Kind.CSV: "text/csv; charset=utf-8",
    Kind.XLSX: f"{_OFFICE}.spreadsheetml.sheet",
    Kind.DOCX: f"{_OFFICE}.wordprocessingml.document",
}
EXTENSIONS = {
    ".pdf": Kind.PDF,
    ".png": Kind.PNG,
    ".jpg": Kind.JPEG,
    ".jpeg": Kind.JPEG,
    ".txt": Kind.TXT,
    ".csv": Kind.CSV,
    ".xlsx": Kind.XLSX,
    ".docx": Kind.DOCX,
}
ACCEPTED = ",".join(EXTENSIONS)
_STARTS = {b"%PDF-": Kind.PDF, b"\x89PNG\r\n\x1a\n": Kind.PNG, b"\xff\xd8\xff": Kind.JPEG}
# What a browser or a system would run if it guessed for itself.
_MARKUP = (b"<html", b"<!doctype", b"<script", b"<svg", b"<?xml", b"<iframe", b"<body", b"<head", b"<?php", b"<%")
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\r\f")) + b"\x7f"


class Reason(StrEnum):
    EMPTY = "empty"
    TOO_LARGE = "too_large"
    NOT_TAKEN = "not_taken"
    MISNAMED = "misnamed"
    DANGEROUS = "dangerous"
    ENCRYPTED = "encrypted"
    BROKEN = "broken"
    TOO_MANY = "too_many"


class FileRefused(Exception):  # noqa: N818  # it is a refusal with a reason, told to a person
    """A file that is not taken; `name` is how the person knows it, freed of what a name cannot have."""

    def __init__(self, reason: Reason, name: str) -> None:
        super().__init__(reason.value)
        self.reason = reason
        self.name = name

    def message(self) -> str:
        """What is wrong and what to do, in the language in force."""
        return _("%(name)s: %(why)s") % {"name": self.name, "why": _why(self.reason)}


@dataclass(frozen=True, slots=True)
class Judged:
    kind: Kind

    @property
    def mime(self) -> str:
        return MIMES[self.kind]


def judge(stream: BinaryIO, size: int, name: str) -> Judged:
    """The kind of a file of `size` bytes; `FileRefused` where it is none of ours, or not what its name says."""
    if size == 0:
        raise FileRefused(Reason.EMPTY, name)
    if size > profile.current().appeals.file_mb * MEGABYTE:
        raise FileRefused(Reason.TOO_LARGE, name)
    said = next((kind for ending, kind in EXTENSIONS.items() if name.lower().endswith(ending)), None)
    if said is None:
        raise FileRefused(Reason.NOT_TAKEN, name)
    found = _found(stream, size, name)
    if found == Kind.TXT and said == Kind.CSV:
        found = Kind.CSV
    if found != said:
        raise FileRefused(Reason.MISNAMED, name)
    stream.seek(0)
    return Judged(found)


def _found(stream: BinaryIO, size: int, name: str) -> Kind:
    stream.seek(0)
    head = stream.read(HEAD)
    for start, kind in _STARTS.items():
        if head.startswith(start):
            return kind
    if head.startswith(b"PK\x03\x04"):
        return _of_package(stream, size, name)
    if head.startswith((b"MZ", b"\x7fELF", b"#!")) or any(word in head.lower() for word in _MARKUP):
        raise FileRefused(Reason.DANGEROUS, name)
    if _is_text(stream):
        return Kind.TXT
    raise FileRefused(Reason.MISNAMED, name)


def _of_package(stream: BinaryIO, size: int, name: str) -> Kind:
    try:
        kind = package.kind_of(stream, size)
    except WorkbookRefused as refused:
        reasons = {
            PackageReason.ENCRYPTED: Reason.ENCRYPTED,
            PackageReason.BROKEN: Reason.BROKEN,
        }
        raise FileRefused(reasons.get(refused.reason, Reason.DANGEROUS), name) from refused
    if kind is None:
        raise FileRefused(Reason.NOT_TAKEN, name)
    return Kind(kind)


def _is_text(stream: BinaryIO) -> bool:
    """No bytes that only programs have, from beginning to end; in which alphabet is the reader's matter."""
    stream.seek(0)
    while piece := stream.read(PIECE):
        if len(piece.translate(None, _CONTROLS)) != len(piece):
            return False
    return True


def _why(reason: Reason) -> str:
    rules = profile.current().appeals
    reasons = {
        Reason.EMPTY: _("the file is empty. Choose the right one."),
        Reason.TOO_LARGE: _("the file is larger than %(size)d MB. Make it smaller or split it.")
        % {"size": rules.file_mb},
        Reason.NOT_TAKEN: _("such files are not taken. Send PDF, PNG, JPEG, TXT, CSV, XLSX or DOCX."),
        Reason.MISNAMED: _("the file is not what its name says. Save it anew in the right format."),
        Reason.DANGEROUS: _("the file could do harm and is not taken. Save it as PDF and send that."),
        Reason.ENCRYPTED: _("the file is protected by a password. Save it without one."),
        Reason.BROKEN: _("the file is damaged. Open it, save it anew and send that."),
        Reason.TOO_MANY: _("no more than %(count)d files go with one message.") % {"count": rules.files},
    }
    return reasons[reason]
