"""What is new in an answer: without the letter that it answers, and without the signature."""

import re

_QUOTED = re.compile(r"^\s*>")
_SIGNATURE = re.compile(r"^-- ?$|^—\s*$")
# «… пишет:», «On … wrote:» and what else stands above a quotation; forwarded headers of Outlook.
_INTRODUCTIONS = (
    re.compile(r"^\s*(on|le|am)\b.{5,200}\b(wrote|écrit|schrieb)\s*:\s*$", re.IGNORECASE),
    re.compile(
        r"^.{3,200}\b(пишет|писал|писала|писал\(а\)|написал|написала|написал\(а\)|піша|пісаў)\s*:\s*$", re.IGNORECASE
    ),
    re.compile(
        r"^\s*-{2,}\s*(original message|исходное сообщение|пересылаемое сообщение|зыходнае паведамленне)", re.IGNORECASE
    ),
    re.compile(r"^\s*_{20,}\s*$"),
)
_HEADER_LINES = re.compile(r"^\s*\*?(from|от|от кого|ад)\*?\s*:.*@", re.IGNORECASE)
MAX_LINE = 1_000


def new_text(said: str, marker: str = "") -> str:
    """The part of a letter that its sender wrote just now; `marker` is the line below which the old letter begins."""
    lines = said.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    kept: list[str] = []
    for line in lines:
        if _ends(line, marker):
            break
        kept.append(line.rstrip())
    # Quoted lines between what is new stay: somebody answers point by point. At the end they are but the old letter.
    while kept and (not kept[-1].strip() or _QUOTED.match(kept[-1])):
        kept.pop()
    return "\n".join(kept).strip()


def _ends(line: str, marker: str) -> bool:
    if len(line) > MAX_LINE:
        return False
    if (marker and marker in line) or _SIGNATURE.match(line):
        return True
    return bool(_HEADER_LINES.match(line)) or any(known.match(line) for known in _INTRODUCTIONS)
