"""Catalogs of translations, without system packages: `collect` new texts into the .po files, `compile` them to .mo."""

import ast
import io
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
SOURCES = ROOT / "abonent"
LOCALE = SOURCES / "locale"
LANGUAGES = ("ru", "be")
PLURALS = "nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<12 || n%100>14) ? 1 : 2);"
SINGULAR = {"gettext", "gettext_lazy", "gettext_noop", "_"}
PLURAL = {"ngettext", "ngettext_lazy"}
CONTEXT = {"pgettext", "pgettext_lazy"}
CONTEXT_PLURAL = {"npgettext", "npgettext_lazy"}
CALLS = SINGULAR | PLURAL | CONTEXT | CONTEXT_PLURAL
NOTE = re.compile(r"Translators: ?(.*?)(?:#}|-->|$)")


@dataclass(frozen=True, slots=True)
class Text:
    """One text found: `key` is a string, or a pair where it has a plural."""

    key: str | tuple[str, str]
    context: str | None
    place: tuple[str, int]
    note: str


def _from_call(call: ast.Call, path: str, line: int, note: str) -> Text | None:
    name = (
        call.func.id
        if isinstance(call.func, ast.Name)
        else call.func.attr
        if isinstance(call.func, ast.Attribute)
        else ""
    )
    words = [arg.value for arg in call.args if isinstance(arg, ast.Constant) and isinstance(arg.value, str)]
    if name in SINGULAR and words:
        return Text(words[0], None, (path, line), note)
    if name in PLURAL and len(words) >= 2:  # noqa: PLR2004  # singular and plural
        return Text((words[0], words[1]), None, (path, line), note)
    if name in CONTEXT and len(words) >= 2:  # noqa: PLR2004  # context and text
        return Text(words[1], words[0], (path, line), note)
    if name in CONTEXT_PLURAL and len(words) >= 3:  # noqa: PLR2004  # context, singular and plural
        return Text((words[1], words[2]), words[0], (path, line), note)
    return None


def _note_above(lines: list[str], line: int) -> str:
    """The translators' note on this line (1-based) or on the one before."""
    for index in (line - 1, line - 2):
        if 0 <= index < len(lines):
            match = NOTE.search(lines[index])
            if match:
                return match[1].strip()
    return ""


def in_python(path: Path) -> Iterator[Text]:
    source = path.read_text(encoding="utf-8")
    lines = source.split("\n")
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            note = _note_above(lines, node.lineno)
            found = _from_call(node, str(path.relative_to(ROOT)), node.lineno, note)
            if found:
                yield found


TAG = re.compile(r"{%-?\s*(translate|trans|blocktranslate|blocktrans)\b(.*?)%}", re.DOTALL)
END = re.compile(r"{%\s*end(?:blocktranslate|blocktrans)\s*%}")
PLURAL_TAG = re.compile(r"{%\s*plural\s*%}")
QUOTED = re.compile(r"""^\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')""")
CONTEXT_OF = re.compile(r"""\bcontext\s+("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')""")
UNDERSCORE = re.compile(r"""\b_\(("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')\)""")
VARIABLE = re.compile(r"{{\s*(\w+)\s*}}")


def _block_text(body: str, *, trimmed: bool) -> str:
    text = VARIABLE.sub(r"%(\1)s", body.replace("%", "%%"))
    return " ".join(line.strip() for line in text.strip().split("\n")) if trimmed else text


def in_template(path: Path) -> Iterator[Text]:
    source = path.read_text(encoding="utf-8")
    lines = source.split("\n")
    name = str(path.relative_to(ROOT))
    for match in TAG.finditer(source):
        line = source.count("\n", 0, match.start()) + 1
        note = _note_above(lines, line)
        context = CONTEXT_OF.search(match[2])
        told = ast.literal_eval(context[1]) if context else None
        if match[1] in {"translate", "trans"}:
            quoted = QUOTED.match(match[2])
            if quoted:
                yield Text(ast.literal_eval(quoted[1]), told, (name, line), note)
            continue
        end = END.search(source, match.end())
        if end is None:
            raise SystemExit(f"{name}:{line}: a translated block has no end")
        trimmed = "trimmed" in match[2].split()
        parts = [_block_text(part, trimmed=trimmed) for part in PLURAL_TAG.split(source[match.end() : end.start()])]
        yield Text((parts[0], parts[1]) if len(parts) > 1 else parts[0], told, (name, line), note)
    for match in UNDERSCORE.finditer(source):
        line = source.count("\n", 0, match.start()) + 1
        yield Text(ast.literal_eval(match[1]), None, (name, line), _note_above(lines, line))


def texts() -> list[Text]:
    """Every text of the product that a person may see, in the order of the files."""
    found: list[Text] = []
    for path in sorted(SOURCES.rglob("*")):
        if path.suffix == ".py" and "migrations" not in path.parts:
            found += in_python(path)
        elif path.suffix in {".html", ".txt"} and "templates" in path.parts:
            found += in_template(path)
    return found


def template_catalog() -> Catalog:
    catalog = Catalog(project="Abonent", charset="utf-8")
    for text in texts():
        notes = [text.note] if text.note else []
        catalog.add(text.key, locations=[(text.place[0], 0)], context=text.context, auto_comments=notes)
    return catalog


def po_path(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def read(language: str) -> Catalog:
    path = po_path(language)
    if not path.is_file():
        return Catalog(locale=language, charset="utf-8")
    with path.open("rb") as stream:
        return read_po(stream, locale=language)


def collect() -> None:
    """Bring each language's catalog up to date; gone texts go, new ones stand empty."""
    template = template_catalog()
    for language in LANGUAGES:
        catalog = read(language)
        catalog.update(template, no_fuzzy_matching=True)
        catalog.obsolete.clear()
        path = po_path(language)
        path.parent.mkdir(parents=True, exist_ok=True)
        buffer = io.BytesIO()
        write_po(buffer, catalog, width=120, sort_output=True, omit_header=True, include_lineno=False)
        path.write_bytes(_header(language) + buffer.getvalue())
        empty = len([message for message in catalog if message.id and not _is_complete(message.string)])
        print(f"{language}: {len(catalog)} texts, {empty} not translated")


def _header(language: str) -> bytes:
    return (
        'msgid ""\nmsgstr ""\n'
        f'"Language: {language}\\n"\n'
        '"MIME-Version: 1.0\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n"Content-Transfer-Encoding: 8bit\\n"\n'
        f'"Plural-Forms: {PLURALS}\\n"\n\n'
    ).encode()


def _is_complete(string: str | list[str] | tuple[str, ...] | None) -> bool:
    return bool(string) and (isinstance(string, str) or all(string or ()))


def compile_all() -> None:
    """Write a .mo beside each .po that is newer."""
    for path in sorted(LOCALE.rglob("*.po")):
        compiled = path.with_suffix(".mo")
        if compiled.exists() and compiled.stat().st_mtime >= path.stat().st_mtime:
            continue
        with path.open("rb") as stream:
            catalog = read_po(stream, locale=path.parts[-3])
        with compiled.open("wb") as stream:
            write_mo(stream, catalog)


if __name__ == "__main__":
    {"collect": collect, "compile": compile_all}[sys.argv[1]]()
