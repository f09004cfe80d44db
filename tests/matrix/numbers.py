"""Who gets what at the trees, the selection and the folders (`table.py` says how to read a line)."""

from abonent.hierarchy import selection
from abonent.hierarchy.nodes import Kind, Ref
from abonent.hierarchy.selection import Wanted
from tests.cast import Cast
from tests.matrix.row import FORBIDDEN, GONE_ON, LOGIN, MISSING, NOT_ALLOWED, OK, Answers, Made, Row

SHOWN = Answers(OK, FORBIDDEN, OK, LOGIN)
NO_GET = Answers(NOT_ALLOWED, FORBIDDEN, NOT_ALLOWED, LOGIN)
NO_POST = NO_GET
# To a stranger the owner's nodes are none: nothing is added.
DONE = Answers(GONE_ON, FORBIDDEN, GONE_ON, LOGIN)
OWN = Answers(GONE_ON, FORBIDDEN, MISSING, LOGIN)


def selected(cast: Cast) -> Made:
    """Anna has selected an account."""
    ref = Ref(Kind.ACCOUNT, cast.first.pk)
    selection.add(cast.anna, Wanted((ref,)))
    return Made(data={"nodes": str(ref)})


def saved(cast: Cast) -> Made:
    selected(cast)
    kept = selection.save(cast.anna, "Drivers")
    return Made(kwargs={"pk": kept.pk}, data={"name": "Couriers"})


def naming(cast: Cast) -> Made:
    selected(cast)
    return Made(data={"name": "Drivers"})


ROWS: dict[str, Row] = {
    "numbers": Row(get=SHOWN, post=NO_POST, made=selected),
    "numbers_tree": Row(get=SHOWN, post=NO_POST),
    "selection_add": Row(get=NO_GET, post=DONE, made=selected),
    "selection_remove": Row(get=NO_GET, post=DONE, made=selected),
    "selection_export": Row(get=SHOWN, post=NO_POST, made=selected),
    "selection_saved": Row(get=NO_GET, post=DONE, made=naming),
    "selection_opening": Row(get=NO_GET, post=OWN, made=saved),
    "selection_name": Row(get=NO_GET, post=OWN, made=saved),
    "selection_deletion": Row(get=NO_GET, post=OWN, made=saved),
}
