"""Take each access guard away in turn, in a copy of the tree, and see that the tests notice (`make test-guards`).

A guard is: `@needs` and `@signed_in` on a view, with their `fresh=True`, `.within(seat)` in a face, each condition of
the guard itself, each bound of a queryset's `within`, and the back office's door. Ends with 1 when one could go without
a test failing.
"""

import ast
import contextlib
import os
import queue
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import ModuleType

import django
from django.urls import URLPattern, URLResolver, get_resolver

ROOT = Path(__file__).resolve().parents[1]
FACES = ("portal", "backoffice", "api")
AT_ONCE = 2
WEAKER = {"needs": ("signed_in", "public"), "signed_in": ("public",)}
# The weaker guards are at hand in every mutated file.
IMPORTS = "from abonent.access.guard import public, signed_in\n"
# Conditions that are no guard: they let people through, or stand before a filter by the same value.
LETS_THROUGH = ("self.kind == 'public'", "self.right is None", "need.right is None")
IS_BOUND_ANYWAY = ".client_id is None"
# What notices most, and soonest, stands first: a run ends with the first test that fails.
OF_ADDRESSES = [f"tests/matrix/test_{name}.py" for name in ("walk", "fresh", "behind", "without")]
FOREIGN = [f"tests/matrix/test_{name}.py" for name in ("foreign", "beside")]
# What a seat over a part of the company sees: soon done, and much of what is asked for within a seat comes by there.
OF_PARTS = ["tests/portal/test_narrow_seats.py", "tests/portal/test_finding.py"]
ALL_OF_ACCESS = [*OF_ADDRESSES, "tests/matrix", "tests/access"]
# What nothing nearer notices.
WHOLE_SUITE = ["tests", "-m", "not browser"]
# What pytest ends with where a test failed, or could not even be collected.
FAILED = {1, 2}
# And where no test has one of the names that were asked for.
NONE_CHOSEN = 5
_FAILED_ADDRESS = re.compile(r"^FAILED \S+\[([\w/-]+?)(?:-get|-post|-again)?\]", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Mutation:
    """A file without one of its guards.

    `names` are the addresses whose views stand in it, `users` those of all views that import it, by whatever way.
    """

    path: Path
    line: int
    what: str
    source: str
    names: tuple[str, ...] = ()
    users: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.path}:{self.line} {self.what}"


def mutations() -> Iterator[Mutation]:
    names = names_by_module()
    users = users_by_module(names)
    for path in sorted((ROOT / "abonent").rglob("*.py")):
        inside = path.relative_to(ROOT)
        if "migrations" in inside.parts:
            continue
        tree = ast.parse(path.read_text(encoding="utf-8"))
        of_a_face = inside.parts[1] in FACES
        module = ".".join(inside.with_suffix("").parts)
        for line, what in changes(tree, of_a_face=of_a_face, is_guard=inside.name == "guard.py"):
            source = IMPORTS + ast.unparse(tree) if of_a_face else ast.unparse(tree)
            known = tuple(names.get(module, ())), tuple(sorted(users.get(module, ())))
            yield Mutation(inside, line, what, source, *known)


def changes(tree: ast.Module, *, of_a_face: bool, is_guard: bool) -> Iterator[tuple[int, str]]:
    """Change `tree` in place, once at a time; it is as it was when the next change is asked for."""
    for node in list(ast.walk(tree)):
        if of_a_face and isinstance(node, ast.FunctionDef):
            yield from weaker_decorators(node)
            if node.name == "has_permission":
                yield from opened_door(node)
        if of_a_face and is_call_of(node, "within"):
            yield from unbounded(node)
        if isinstance(node, ast.FunctionDef) and node.name == "within":
            yield from without_conditions(node, only_none=True)
            for inner in ast.walk(node):
                if is_call_of(inner, "filter"):
                    yield from unbounded(inner)
        if is_guard and isinstance(node, ast.FunctionDef) and node.name.endswith("refusal"):
            yield from without_conditions(node)


def is_call_of(node: ast.AST, method: str) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == method


def weaker_decorators(function: ast.FunctionDef) -> Iterator[tuple[int, str]]:
    for place, decorator in enumerate(function.decorator_list):
        name = decorator.func if isinstance(decorator, ast.Call) else decorator
        for weaker in WEAKER.get(name.id, ()) if isinstance(name, ast.Name) else ():
            function.decorator_list[place] = ast.Name(weaker)
            yield decorator.lineno, f"{function.name}: {ast.unparse(decorator)} → {weaker}"
        function.decorator_list[place] = decorator
        if isinstance(decorator, ast.Call):
            yield from stale(function, decorator)


def stale(function: ast.FunctionDef, decorator: ast.Call) -> Iterator[tuple[int, str]]:
    """A guard without `fresh=True` no longer asks for a new proof."""
    before = decorator.keywords
    what = f"{function.name}: {ast.unparse(decorator)} → an old proof will do"
    if any(keyword.arg == "fresh" for keyword in before):
        decorator.keywords = [keyword for keyword in before if keyword.arg != "fresh"]
        if not decorator.args and not decorator.keywords:
            # `@signed_in()` is none: the bare name is.
            place = function.decorator_list.index(decorator)
            function.decorator_list[place] = decorator.func
            yield decorator.lineno, what
            function.decorator_list[place] = decorator
        else:
            yield decorator.lineno, what
        decorator.keywords = before


def opened_door(function: ast.FunctionDef) -> Iterator[tuple[int, str]]:
    body = function.body
    function.body = [ast.Return(ast.Constant(value=True))]
    yield function.lineno, "has_permission → True"
    function.body = body


def unbounded(node: ast.AST) -> Iterator[tuple[int, str]]:
    """`x.within(seat)` and `x.filter(…)` become `x.all()`."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return
    before = node.func.attr, node.args, node.keywords
    what = f"{ast.unparse(node)} → all()"
    node.func.attr, node.args, node.keywords = "all", [], []
    yield node.lineno, what
    node.func.attr, node.args, node.keywords = before


def without_conditions(function: ast.FunctionDef, *, only_none: bool = False) -> Iterator[tuple[int, str]]:
    """Let each `if`, and each part of an `or`, hold no longer; with `only_none` those alone that answer `….none()`."""
    for node in ast.walk(function):
        if not isinstance(node, ast.If) or (only_none and "none()" not in ast.unparse(node.body[0])):
            continue
        before = node.test
        parts = before.values if isinstance(before, ast.BoolOp) else [before]
        for part in parts:
            if ast.unparse(part) in LETS_THROUGH or ast.unparse(part).endswith(IS_BOUND_ANYWAY):
                continue
            rest = [value for value in parts if value is not part] or [ast.Constant(value=False)]
            node.test = ast.BoolOp(ast.Or(), rest) if len(rest) > 1 else rest[0]
            yield part.lineno, f"{ast.unparse(part)} → never"
            node.test = before


def names_by_module() -> dict[str, list[str]]:
    """The names of the addresses whose views stand in each module."""
    found: dict[str, list[str]] = {}

    def walk(patterns: list[URLPattern | URLResolver]) -> None:
        for pattern in patterns:
            if isinstance(pattern, URLResolver):
                walk(pattern.url_patterns)
            elif pattern.name:
                module = getattr(pattern.callback, "__module__", "")
                found.setdefault(module, []).append(str(pattern.name))

    walk(get_resolver().url_patterns)
    return found


def users_by_module(names: dict[str, list[str]]) -> dict[str, set[str]]:
    """For each module the names of the addresses whose views come to it by imports, through modules of a face."""
    faces = tuple(f"abonent.{face}." for face in FACES)
    imported = {name: imports_of(module) for name, module in list(sys.modules.items()) if name.startswith(faces)}
    found: dict[str, set[str]] = {}
    for view, its_names in names.items():
        waiting, seen = [view], set[str]()
        while waiting:
            module = waiting.pop()
            if module not in seen:
                seen.add(module)
                found.setdefault(module, set()).update(its_names)
                waiting += imported.get(module, ())
    return found


def imports_of(module: ModuleType) -> set[str]:
    """What a module imports, as far as its names tell."""
    values = vars(module).values()
    return {value.__name__ if isinstance(value, ModuleType) else getattr(value, "__module__", "") for value in values}


def copy_of_the_tree(folder: Path) -> Path:
    for name in ("abonent", "tests"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(ROOT / "pyproject.toml", folder)
    for name in ("docs", "bench", "tools", "requirements"):
        (folder / name).symlink_to(ROOT / name)
    # What was compiled is known by its content: a file changed and changed back within a second is another one.
    command = [sys.executable, "-m", "compileall", "-q", "--invalidation-mode", "checked-hash", "abonent", "tests"]
    subprocess.run(command, cwd=folder, check=True)  # noqa: S603  # our tree
    return folder


def run_tests(tree: Path, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """Ends everything where the tests could not be asked: a run that did not begin notices nothing."""
    command = [sys.executable, "-m", "pytest", "-q", "--tb=no", "-p", "no:cacheprovider", *arguments]
    # The tables are made once for all runs, as `make test` does: no guard is a matter of migrations.
    own = {"PYTHONPATH": str(tree), "PYTHONDONTWRITEBYTECODE": "", "ABONENT_TEST_TEMPLATE": str(tree.parent / "made")}
    environment = {**os.environ, **own}
    run = subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True, check=False)  # noqa: S603  # our tests
    if run.returncode not in {0, NONE_CHOSEN, *FAILED}:
        sys.exit(f"the tests did not run: {' '.join(command)}\n{run.stdout}{run.stderr}")
    return run


@contextlib.contextmanager
def mutated(tree: Path, mutations: Iterable[Mutation]) -> Iterator[None]:
    """While it lasts the tree is without these guards; no two of them stand in the same file."""
    whole = {mutation.path: (tree / mutation.path).read_text(encoding="utf-8") for mutation in mutations}
    for mutation in mutations:
        (tree / mutation.path).write_text(mutation.source, encoding="utf-8")
    try:
        yield
    finally:
        for path, text in whole.items():
            (tree / path).write_text(text, encoding="utf-8")


def noticed_together(tests: list[str], tree: Path, mutations: list[Mutation]) -> list[bool]:
    """Whether a test of one of its own addresses fails for each: a guard of each of many views is away at once."""
    chosen = " or ".join(sorted({name for mutation in mutations for name in mutation.names}))
    with mutated(tree, mutations):
        run = run_tests(tree, *tests, "-k", chosen)
    failed = {line.partition("/")[0] for line in _FAILED_ADDRESS.findall(run.stdout)}
    return [bool(failed.intersection(mutation.names)) for mutation in mutations]


def noticed_alone(tree: Path, mutations: list[Mutation]) -> list[bool]:
    """Whether any test fails with one guard away: one of the addresses that come to it, else any."""
    return [alone(tree, mutation) for mutation in mutations]


def alone(tree: Path, mutation: Mutation) -> bool:
    with mutated(tree, [mutation]):
        return any(run_tests(tree, "-x", *tests).returncode in FAILED for tests in tries(mutation))


def tries(mutation: Mutation) -> Iterator[list[str]]:
    """From the tests that would notice soonest to all that may."""
    users = " or ".join(mutation.users)
    if users:
        yield [*OF_ADDRESSES, "-k", users]
    yield OF_PARTS
    if tests_of_addresses(mutation):
        yield tests_of_addresses(mutation)
    if own_tests(mutation):
        yield own_tests(mutation)
    if users:
        yield ["tests/matrix", "-k", users]
    yield ALL_OF_ACCESS
    yield WHOLE_SUITE


def tests_of_addresses(mutation: Mutation) -> list[str]:
    """The files that ask for one of its own addresses by name."""
    named = [f'"{name}"' for name in mutation.names]
    files = sorted((ROOT / "tests").rglob("test_*.py")) if named else []
    asking = [path for path in files if any(name in path.read_text(encoding="utf-8") for name in named)]
    return [str(path.relative_to(ROOT)) for path in asking if "browser" not in path.parts]


def own_tests(mutation: Mutation) -> list[str]:
    """Those of its package, where it has any."""
    own = f"tests/{mutation.path.parts[1]}"
    return [own] if (ROOT / own).is_dir() else []


def rounds(wanted: list[Mutation]) -> list[list[Mutation]]:
    """The first mutation of each view's file, the second of each, and so on."""
    by_file: dict[Path, list[Mutation]] = {}
    for mutation in wanted:
        by_file.setdefault(mutation.path, []).append(mutation)
    return [
        [each[place] for each in by_file.values() if place < len(each)]
        for place in range(max(map(len, by_file.values()), default=0))
    ]


def unnoticed(wanted: list[Mutation]) -> list[Mutation]:
    """The mutations that no test notices."""
    with tempfile.TemporaryDirectory(prefix="abonent-guards-") as folder:
        trees: queue.SimpleQueue[Path] = queue.SimpleQueue()
        for number in range(AT_ONCE):
            trees.put(copy_of_the_tree(Path(folder) / str(number)))
        all_tests = dict.fromkeys([*ALL_OF_ACCESS, *(own for mutation in wanted for own in own_tests(mutation))])
        if run_tests(Path(folder) / "0", "-n", str(AT_ONCE), *all_tests).returncode:
            sys.exit("the tests fail with every guard in its place: mend that first")
        left = [mutation for mutation in wanted if mutation.names]
        for tests in (OF_ADDRESSES, FOREIGN):
            left = told(trees, partial(noticed_together, tests), rounds(left), final=False)
        left += [mutation for mutation in wanted if not mutation.names]
        return told(trees, noticed_alone, [[mutation] for mutation in left], final=True)


def told(
    trees: "queue.SimpleQueue[Path]",
    ask: Callable[[Path, list[Mutation]], list[bool]],
    batches: list[list[Mutation]],
    *,
    final: bool,
) -> list[Mutation]:
    """Ask batch by batch, in as many threads as there are trees, and tell; those that were not noticed."""

    def one(batch: list[Mutation]) -> list[Mutation]:
        tree = trees.get()
        try:
            answers = ask(tree, batch)
        finally:
            trees.put(tree)
        for mutation, noticed in zip(batch, answers, strict=True):
            if noticed or final:
                print("noticed  " if noticed else "UNNOTICED", mutation, flush=True)
        return [mutation for mutation, noticed in zip(batch, answers, strict=True) if not noticed]

    with ThreadPoolExecutor(AT_ONCE) as pool:
        return [mutation for left in pool.map(one, batches) for mutation in left]


def main() -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
    sys.path.insert(0, str(ROOT))
    django.setup()
    wanted = [mutation for mutation in mutations() if not sys.argv[1:] or sys.argv[1] in str(mutation)]
    left = unnoticed(wanted)
    print(f"{len(wanted)} guards taken away one by one, {len(left)} unnoticed")
    return 1 if left or not wanted else 0


if __name__ == "__main__":
    sys.exit(main())
