"""The house keeps its order: one direction of imports, no circles, a guard on every view (design, «The house»)."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2] / "abonent"

# Left to right: a package imports only from those before it; packages of one entry don't import each other.
CHAIN = [
    ["lib"], ["profile"], ["formats"], ["files"], ["jobs"], ["audit"], ["outbox"], ["clients"], ["access"], ["catalog"],
    ["network"], ["subscribers"], ["hierarchy"], ["usage"], ["billing"], ["orders"], ["documents"], ["appeals"],
    ["notices"], ["expenses"], ["portal", "backoffice", "api"], ["demo"], ["main"],
]  # fmt: skip
PLACE = {package: place for place, packages in enumerate(CHAIN) for package in packages}

SOURCES = sorted(
    path for path in ROOT.rglob("*.py") if "migrations" not in path.parts and len(path.parts) > len(ROOT.parts) + 1
)
FACES = ("portal", "api", "backoffice")
MODEL_REFERENCE = re.compile(r"^([a-z]+)\.[A-Z]\w+$")


def package_of(path: Path) -> str:
    return path.relative_to(ROOT).parts[0]


def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imported_modules(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            if node.level:
                yield node.lineno, "relative"
            elif node.module:
                yield node.lineno, node.module
        elif isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name


def referred_packages(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """The packages that are imported, or named in a string such as "app.Model"."""
    for line, module in imported_modules(tree):
        if module.startswith("abonent."):
            yield line, module.split(".")[1]
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            match = MODEL_REFERENCE.match(node.value)
            if match and match[1] in PLACE:
                yield node.lineno, match[1]


def test_every_package_has_a_place_in_the_chain_and_a_readme() -> None:
    packages = {path.name for path in ROOT.iterdir() if (path / "__init__.py").exists()}
    assert packages <= set(PLACE)
    assert [name for name in sorted(packages) if not (ROOT / name / "README.md").is_file()] == []


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_imports_only_to_the_left(path: Path) -> None:
    package = package_of(path)
    tree = tree_of(path)
    wrong = [
        f"{path.name}:{line} refers to {other}"
        for line, other in referred_packages(tree)
        if other != package and (other not in PLACE or PLACE[other] >= PLACE[package])
    ]
    assert wrong == []
    assert "relative" not in [module for _, module in imported_modules(tree)]


@pytest.mark.parametrize("path", sorted((ROOT / "expenses" / "formats").glob("*.py")), ids=lambda path: path.name)
def test_readers_of_documents_know_nothing_of_their_writers(path: Path) -> None:
    """They know what is documented: nothing of `documents`, nor of `formats`, whose readers are for uploaded lists."""
    imported = {module.split(".")[1] for _, module in imported_modules(tree_of(path)) if module.startswith("abonent.")}
    assert imported <= {"expenses", "lib"}


def test_no_import_stands_inside_a_function() -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{inner.lineno}"
        for path in SOURCES
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        for inner in ast.walk(node)
        if isinstance(inner, ast.Import | ast.ImportFrom)
    ]
    assert wrong == []


def module_name(path: Path) -> str:
    parts = list(path.relative_to(ROOT.parent).with_suffix("").parts)
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def test_no_circle_of_imports_between_modules() -> None:
    names = {module_name(path): path for path in SOURCES}
    graph = {
        name: {module for _, module in imported_modules(tree_of(path)) if module in names and module != name}
        for name, path in names.items()
    }
    done: set[str] = set()

    def walk(name: str, trail: tuple[str, ...]) -> None:
        assert name not in trail, " → ".join([*trail, name])
        if name not in done:
            for other in sorted(graph[name]):
                walk(other, (*trail, name))
            done.add(name)

    for name in sorted(graph):
        walk(name, ())


def test_there_is_no_signal_no_utils_and_no_services() -> None:
    names = [str(path.relative_to(ROOT)) for path in SOURCES if path.stem in {"utils", "services", "helpers", "common"}]
    signals = [
        str(path.relative_to(ROOT))
        for path in SOURCES
        for _, module in imported_modules(tree_of(path))
        if module in {"django.dispatch", "django.db.models.signals"}
    ]
    assert (names, signals) == ([], [])


def test_the_time_comes_from_the_one_clock() -> None:
    forbidden = re.compile(r"\b(timezone\.now|datetime\.now|datetime\.utcnow|date\.today|time\.time)\(")
    wrong = [
        f"{path.relative_to(ROOT)}:{number}"
        for path in SOURCES
        if path != ROOT / "lib" / "clock.py"
        for number, line in enumerate(path.read_text(encoding="utf-8").split("\n"), 1)
        if forbidden.search(line)
    ]
    assert wrong == []


def test_a_face_fetches_client_data_within_a_seat_only() -> None:
    """In `portal`, `backoffice` and `api`, a manager is followed by `.within(…)` at once."""
    wrong = []
    for path in SOURCES:
        if package_of(path) not in FACES:
            continue
        parents = {child: node for node in ast.walk(tree_of(path)) for child in ast.iter_child_nodes(node)}
        for node, after in parents.items():
            manager = isinstance(node, ast.Attribute) and node.attr in {"objects", "_default_manager", "_base_manager"}
            if manager and not (isinstance(after, ast.Attribute) and after.attr == "within"):
                wrong.append(f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 0)}")
    assert wrong == []


def decorator_names(function: ast.FunctionDef) -> set[str]:
    names = set()
    for decorator in function.decorator_list:
        target = decorator.func if isinstance(decorator, ast.Call) else decorator
        names.add(
            target.id if isinstance(target, ast.Name) else target.attr if isinstance(target, ast.Attribute) else ""
        )
    return names


def test_every_view_says_who_may_call_it() -> None:
    """A function that takes a request in `views` carries `@needs`, `@signed_in` or `@public`."""
    wrong = []
    for path in SOURCES:
        if package_of(path) not in FACES or "views" not in str(path.relative_to(ROOT)):
            continue
        for node in tree_of(path).body:
            if not isinstance(node, ast.FunctionDef) or node.name.startswith("_"):
                continue
            takes_request = any(argument.arg == "request" for argument in node.args.args)
            if takes_request and not decorator_names(node) & {"needs", "signed_in", "public"}:
                wrong.append(f"{path.relative_to(ROOT)}:{node.lineno} {node.name}")
    assert wrong == []
