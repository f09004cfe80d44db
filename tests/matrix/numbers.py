"""Who gets what at the trees, the selection and the folders (`table.py` says how to read a line)."""

from django.core.files.uploadedfile import SimpleUploadedFile

from abonent.catalog.models import NumberCategory
from abonent.files.keeping import store
from abonent.hierarchy import folders, importing, selection
from abonent.hierarchy.nodes import Kind, Ref
from abonent.hierarchy.selection import Wanted
from abonent.jobs.worker import drain
from abonent.subscribers import pool
from abonent.subscribers.models import SimCard
from tests.cast import Cast
from tests.matrix.row import FORBIDDEN, GONE_ON, INVALID, LOGIN, MISSING, NOT_ALLOWED, OK, Answers, Made, Row
from tests.orders.world import workbook
from tests.subscribers.drum import category, fill

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


def folder(cast: Cast) -> Made:
    made = folders.create(cast.sergei, "Warehouse", None)
    return Made(kwargs={"pk": made.pk}, data={"name": "Garage"})


def in_folder(cast: Cast) -> Made:
    """A form that would make a folder in the owner's."""
    made = folders.create(cast.sergei, "Warehouse", None)
    return Made(data={"name": "Shelf", "nodes": f"folder:{made.pk}"})


def into_folder(cast: Cast) -> Made:
    """A form that would put the owner's number into the owner's folder."""
    made = folders.create(cast.sergei, "Warehouse", None)
    return Made(data={"nodes": f"number:{cast.subscribers[0].pk}", "onto": f"folder:{made.pk}"})


def structure(cast: Cast) -> Made:
    content = workbook([[cast.subscribers[0].number, "Warehouse"]])
    begun = importing.begin(cast.anna, store(content, name="folders.xlsx", mime="application/xlsx"))
    drain([importing.IMPORTS])
    return Made(kwargs={"pk": begun.pk})


def forwarding(cast: Cast) -> Made:
    return Made(kwargs={"pk": cast.subscribers[0].pk}, data={"kind": "busy", "target": "+375296660000"})


def reserved(cast: Cast) -> Made:
    """A line with an offer, and a form that takes the first number of it."""
    fill(category(), 12)
    line = cast.subscribers[0]
    offer = pool.offer(cast.anna, line, NumberCategory.objects.get())
    return Made(kwargs={"pk": line.pk}, data={"number": offer[0].number})


def of_category(cast: Cast) -> Made:
    fill(category(), 12)
    return Made(kwargs={"pk": cast.subscribers[0].pk}, data={"category": NumberCategory.objects.get().pk})


def free_sim(cast: Cast) -> Made:
    SimCard.objects.create(iccid="8937501000000000017", client=cast.company)
    return Made(kwargs={"pk": cast.subscribers[0].pk}, data={"iccid": "8937501000000000017"})


def sims_file(cast: Cast) -> Made:
    content = workbook([[cast.subscribers[0].number, "8937501000000000017"]])
    return Made(data={"file": SimpleUploadedFile("sims.xlsx", content)})


def numbers_file(cast: Cast) -> Made:
    content = workbook([[cast.subscribers[0].number, fill(category(), 12)[0]]])
    return Made(data={"file": SimpleUploadedFile("numbers.xlsx", content)})


ROWS: dict[str, Row] = {
    "order_number": Row(get=Answers(OK, FORBIDDEN, MISSING, LOGIN), post=OWN, made=reserved),
    "order_number_offer": Row(get=NO_GET, post=OWN, made=of_category),
    "order_sim": Row(get=Answers(OK, FORBIDDEN, MISSING, LOGIN), post=OWN, made=free_sim),
    # Of the owner's lines and SIMs a stranger gets a draft that has none.
    "order_sims": Row(get=SHOWN, post=Answers(GONE_ON, FORBIDDEN, GONE_ON, LOGIN), made=sims_file),
    "order_sims_sample": Row(get=SHOWN, post=NO_POST),
    "order_numbers": Row(get=SHOWN, post=Answers(GONE_ON, FORBIDDEN, GONE_ON, LOGIN), made=numbers_file),
    "order_numbers_sample": Row(get=SHOWN, post=NO_POST),
    "order_sim_suggestions": Row(get=Answers(OK, FORBIDDEN, MISSING, LOGIN), post=NO_POST, made=free_sim),
    "order_forwarding": Row(get=Answers(OK, FORBIDDEN, MISSING, LOGIN), post=OWN, made=forwarding),
    "numbers": Row(get=SHOWN, post=NO_POST, made=selected),
    "numbers_tree": Row(get=SHOWN, post=NO_POST),
    "selection_add": Row(get=NO_GET, post=DONE, made=selected),
    "selection_remove": Row(get=NO_GET, post=DONE, made=selected),
    "selection_export": Row(get=SHOWN, post=NO_POST, made=selected),
    "selection_saved": Row(get=NO_GET, post=DONE, made=naming),
    "selection_opening": Row(get=NO_GET, post=OWN, made=saved),
    "selection_name": Row(get=NO_GET, post=OWN, made=saved),
    "selection_deletion": Row(get=NO_GET, post=OWN, made=saved),
    "folders": Row(get=SHOWN, post=NO_POST, made=in_folder),
    # The owner's folder is none for a stranger: the form comes back.
    "folder_creation": Row(get=NO_GET, post=Answers(GONE_ON, FORBIDDEN, INVALID, LOGIN), made=in_folder),
    # What is dropped on a folder that is not theirs goes nowhere, and they are told on the page.
    "folder_moving": Row(get=NO_GET, post=DONE, made=into_folder),
    "folder_name": Row(get=NO_GET, post=OWN, made=folder),
    "folder_deletion": Row(get=NO_GET, post=OWN, made=folder),
    "folders_costs": Row(get=SHOWN, post=NO_POST, made=in_folder),
    "folders_export": Row(get=SHOWN, post=NO_POST, made=in_folder),
    # Without a file the form comes back.
    "structure_upload": Row(get=SHOWN, post=Answers(INVALID, FORBIDDEN, INVALID, LOGIN)),
    "structure": Row(get=Answers(OK, FORBIDDEN, MISSING, LOGIN), post=NO_POST, made=structure),
    "structure_progress": Row(get=Answers(OK, FORBIDDEN, MISSING, LOGIN), post=NO_POST, made=structure),
    "structure_application": Row(get=NO_GET, post=OWN, made=structure),
}
