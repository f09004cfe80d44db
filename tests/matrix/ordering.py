"""The screens of orders, each with the right of its action; a line for each slug."""

from collections.abc import Callable

from tests.cast import Cast
from tests.matrix.row import FORBIDDEN, GONE_ON, LOGIN, NOT_ALLOWED, OK, Answers, Made, Row
from tests.subscribers.drum import category, fill

# A stranger who posts the owner's numbers gets a draft that has none of them.
GET = Answers(OK, FORBIDDEN, OK, LOGIN)
POST = Answers(GONE_ON, FORBIDDEN, GONE_ON, LOGIN)
SHOWS = Answers(NOT_ALLOWED, FORBIDDEN, NOT_ALLOWED, LOGIN)


def _screen(slug: str, wanted: Callable[[Cast], dict[str, object]]) -> Row:
    def made(cast: Cast) -> Made:
        return Made({"slug": slug}, {"by": "list", "pick": [cast.subscribers[0].pk], **wanted(cast)})

    return Row(GET, POST, made)


def _sample(slug: str) -> Row:
    return Row(GET, SHOWS, lambda _cast: Made({"slug": slug}))


def _nothing(_cast: Cast) -> dict[str, object]:
    return {}


def _service(cast: Cast) -> dict[str, object]:
    return {"action": "connect_service", "service": cast.catalog.service.pk}


def _plan(cast: Cast) -> dict[str, object]:
    sold = cast.catalog
    return {"action": "change_plan", "plan": sold.tariff.pk, "option_set": sold.option_set.pk}


def _forwarding(_cast: Cast) -> dict[str, object]:
    return {"divert": "busy", "switch": "on", "target": "+375296660000"}


def _numbers(_cast: Cast) -> dict[str, object]:
    made = category()
    fill(made, 12)
    return {"category": made.pk}


WANTED: dict[str, Callable[[Cast], dict[str, object]]] = {
    "services": _service,
    "plans": _plan,
    "forwarding": _forwarding,
    "numbers": _numbers,
    "activation": _nothing,
    "termination": _nothing,
    "blocking": _nothing,
    "unblocking": _nothing,
}
ROWS: dict[str, Row] = {
    **{f"order_new/{slug}": _screen(slug, wanted) for slug, wanted in WANTED.items()},
    **{f"order_sample/{slug}": _sample(slug) for slug in WANTED},
}
