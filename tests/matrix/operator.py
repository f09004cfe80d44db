"""The addresses of the operator's staff: Olga's. Whoever is at a client gets 403, whatever they are there."""

import datetime as dt
import uuid
from collections.abc import Callable

from django.db.models import Model

from abonent.audit.journal import SYSTEM
from abonent.billing.bank.loading import enter, finish
from abonent.billing.instalments import agree, first_months
from abonent.billing.models import BankLine, BankStatement, BillRun
from abonent.catalog.models import (
    InstalmentOffer,
    NumberCategory,
    OptionSet,
    Rate,
    Service,
    ServiceCategory,
    Tariff,
    TariffCategory,
    Zone,
)
from abonent.clients.models import Account, Client, Contract, Folder
from abonent.documents.ordering import By
from abonent.files.keeping import store
from abonent.jobs.models import State
from abonent.lib import clock
from abonent.orders.models import OrderItem
from abonent.outbox.models import TextMessage
from abonent.subscribers.models import PoolNumber, SimCard
from abonent.usage.models import RejectedLine, UsageFile, UsageMonth
from tests.cast import Cast
from tests.formats.bank.samples import client_bank
from tests.matrix import appeals, finance
from tests.matrix.finance import issued
from tests.matrix.row import FORBIDDEN, GONE_ON, INVALID, LOGIN, NOT_ALLOWED, OK, Answers, Made, Row, nothing
from tests.orders.world import placed

Maker = Callable[[Cast], Model]


def staff(status: int) -> Answers:
    return Answers(status, FORBIDDEN, FORBIDDEN, LOGIN)


def row(get: int, post: int, made: Callable[[Cast], Made] = nothing) -> Row:
    return Row(get=staff(get), post=staff(post), made=made, owner="olga")


def at(maker: Maker, **data: object) -> Callable[[Cast], Made]:
    """The page of one row in the admin, and a form for it."""
    return lambda cast: Made(kwargs={"object_id": maker(cast).pk}, data=dict(data))


def readable(name: str, maker: Maker) -> dict[str, Row]:
    """Rows that staff only read."""
    return {
        f"admin:{name}_changelist": row(OK, OK),
        f"admin:{name}_change": row(OK, FORBIDDEN, at(maker)),
    }


def changeable(name: str, maker: Maker) -> dict[str, Row]:
    """Rows that staff add, change and delete; a form without anything in it is shown again."""
    return {
        f"admin:{name}_changelist": row(OK, OK),
        f"admin:{name}_add": row(OK, OK),
        f"admin:{name}_change": row(OK, OK, at(maker)),
        f"admin:{name}_delete": row(OK, GONE_ON, at(maker, post="yes")),
    }


def doubtful(cast: Cast) -> Made:
    """A row of the owner's without an answer."""
    item = OrderItem.objects.get(order=placed(cast.anna, [cast.subscribers[0].pk], service=cast.catalog.service.pk))
    ended = {"state": State.DONE, "next_try": None, "finished": clock.now()}
    OrderItem.objects.filter(pk=item.pk).update(told=True, result="failed", reason="kept_failing", **ended)
    return Made(kwargs={"pk": item.pk}, data={"said": "not_done"})


def client(_cast: Cast) -> Client:
    return Client.objects.create(name="Fresh", tax_id="190000001")


def contract(cast: Cast) -> Contract:
    return Contract.objects.create(client=client(cast), number="D-1", signed=dt.date(2026, 1, 1))


def account(cast: Cast) -> Account:
    return Account.objects.create(contract=contract(cast), number="00020000001", opened=dt.date(2026, 1, 1))


def folder(cast: Cast) -> Folder:
    return Folder.objects.create(client=client(cast), name="Sales")


def instalment_offer(_cast: Cast) -> InstalmentOffer:
    return InstalmentOffer.objects.create(code="fresh", names={"en": "Fresh"}, price=100, months=4)


def a_plan(cast: Cast) -> Made:
    month = first_months()[0]
    offer = instalment_offer(cast)
    plan = agree(cast.subscribers[0], offer, first=month, actor=SYSTEM)
    data = {"number": cast.subscribers[0].number, "offer": offer.pk, "first": str(month), "key": str(uuid.uuid4())}
    return Made(kwargs={"pk": plan.pk}, data=data)


def a_new_plan(cast: Cast) -> Made:
    return Made(data=a_plan(cast).data)


def tariff_category(_cast: Cast) -> TariffCategory:
    return TariffCategory.objects.create(code="fresh", names={"en": "Fresh"})


def tariff(cast: Cast) -> Tariff:
    return Tariff.objects.create(
        code="fresh", names={"en": "Fresh"}, category=tariff_category(cast), kind="mobile", fee=1
    )


def option_set(cast: Cast) -> OptionSet:
    return OptionSet.objects.create(code="fresh", names={"en": "Fresh"}, tariff=tariff(cast), fee=1)


def number_category(_cast: Cast) -> NumberCategory:
    return NumberCategory.objects.create(code="fresh", names={"en": "Fresh"}, kind="mobile")


def pool_number(cast: Cast) -> PoolNumber:
    return PoolNumber.objects.create(number="375440000001", category=number_category(cast))


def sim(cast: Cast) -> SimCard:
    return SimCard.objects.create(iccid="8937501000000000017", client=client(cast))


def service_category(_cast: Cast) -> ServiceCategory:
    return ServiceCategory.objects.create(code="fresh", names={"en": "Fresh"})


def service(cast: Cast) -> Service:
    return Service.objects.create(code="fresh", names={"en": "Fresh"}, category=service_category(cast))


def zone(_cast: Cast) -> Zone:
    return Zone.objects.create(code="fresh", names={"en": "Fresh"}, kind="destination")


def rate(cast: Cast) -> Rate:
    return Rate.objects.create(
        tariff=cast.catalog.tariff, traffic="voice", direction="out", price=1, step=60, start=clock.now()
    )


def usage_file(_cast: Cast) -> UsageFile:
    return UsageFile.objects.create(name="october.csv", sha256="0" * 64, size=10)


def rejected_line(cast: Cast) -> RejectedLine:
    return RejectedLine.objects.create(file=usage_file(cast), line_number=2, reason="columns", text="bad")


def usage_month(_cast: Cast) -> UsageMonth:
    return UsageMonth.objects.create(month="2026-10")


def bill_run(_cast: Cast) -> BillRun:
    return BillRun.objects.create(month="2026-09")


def dead_text(_cast: Cast) -> Made:
    text = TextMessage.objects.create(to="375291000001", body="…", state=State.DEAD, next_try=None, error="Refused.")
    return Made(kwargs={"kind": "outbox.textmessage", "pk": text.pk})


def loaded(_cast: Cast) -> BankStatement:
    """A bank statement with a payment that names no account."""
    return finish(enter(client_bank({"НазначениеПлатежа": "за связь"}), "day.txt", SYSTEM)[0])


def a_statement(cast: Cast) -> Made:
    return Made(kwargs={"pk": loaded(cast).pk})


def a_payment(cast: Cast) -> Made:
    line = BankLine.objects.get(statement=loaded(cast))
    return Made(kwargs={"pk": line.pk}, data={"account": cast.first.number, "note": "Sent back."})


def to_collect(cast: Cast) -> Made:
    request = finance.ordered(cast)
    request.by, request.state, request.next_try, request.expires = By.HAND, State.DONE, None, clock.now()
    request.file = store(b"%PDF-1.7", name="invoice.pdf", mime="application/pdf")
    request.save()
    return Made(kwargs={"pk": request.pk}, data={"taken_by": "Ivanova"})


def an_appeal(cast: Cast) -> Made:
    return Made(kwargs={"pk": appeals.opened(cast).pk}, data={"text": "For roaming.", "then": ""})


ROWS: dict[str, Row] = {
    "operator_appeals": row(OK, NOT_ALLOWED),
    "operator_appeal": row(OK, GONE_ON, an_appeal),
    "operator_appeal_taking": row(NOT_ALLOWED, GONE_ON, an_appeal),
    "operator_appeal_closing": row(NOT_ALLOWED, GONE_ON, an_appeal),
    "operator_appeal_file": row(OK, NOT_ALLOWED, appeals.a_file),
    "operator_instalments": row(OK, GONE_ON, a_new_plan),
    "operator_instalments_end": row(NOT_ALLOWED, GONE_ON, a_plan),
    "operator_payments": row(OK, INVALID),
    "operator_statement": row(OK, NOT_ALLOWED, a_statement),
    "operator_statement_progress": row(OK, NOT_ALLOWED, a_statement),
    "operator_payment": row(OK, NOT_ALLOWED, a_payment),
    "operator_payment_booking": row(NOT_ALLOWED, GONE_ON, a_payment),
    "operator_payment_aside": row(NOT_ALLOWED, GONE_ON, a_payment),
    "operator_network": row(OK, NOT_ALLOWED, lambda _cast: Made(data={"compare": "375291110001"})),
    "operator_row_settling": row(NOT_ALLOWED, GONE_ON, doubtful),
    "operator_collecting": row(OK, NOT_ALLOWED),
    "operator_collecting_file": row(OK, NOT_ALLOWED, to_collect),
    "operator_collecting_handing": row(NOT_ALLOWED, GONE_ON, to_collect),
    "dead_jobs": row(OK, NOT_ALLOWED, lambda cast: Made(data=dead_text(cast).data)),
    "job_restart": row(NOT_ALLOWED, GONE_ON, dead_text),
    "admin:index": row(OK, OK),
    "admin:jsi18n": row(OK, NOT_ALLOWED),
    "admin:app_list": row(OK, OK, lambda _cast: Made(kwargs={"app_label": "clients"})),
    **changeable("clients_client", client),
    **changeable("clients_contract", contract),
    **changeable("clients_account", account),
    **readable("clients_folder", folder),
    **changeable("catalog_tariffcategory", tariff_category),
    **changeable("catalog_tariff", tariff),
    **changeable("catalog_optionset", option_set),
    **changeable("catalog_servicecategory", service_category),
    **changeable("catalog_service", service),
    **changeable("catalog_zone", zone),
    **changeable("catalog_instalmentoffer", instalment_offer),
    **changeable("catalog_numbercategory", number_category),
    "admin:subscribers_poolnumber_changelist": row(OK, OK),
    "admin:subscribers_poolnumber_add": row(OK, OK),
    "admin:subscribers_poolnumber_change": row(OK, OK, at(pool_number)),
    "admin:subscribers_simcard_changelist": row(OK, OK),
    "admin:subscribers_simcard_add": row(OK, OK),
    "admin:subscribers_simcard_change": row(OK, FORBIDDEN, at(sim)),
    "admin:subscribers_simcard_delete": row(OK, GONE_ON, at(sim, post="yes")),
    "admin:catalog_rate_changelist": row(OK, OK),
    "admin:catalog_rate_add": row(OK, OK),
    "admin:catalog_rate_change": row(OK, GONE_ON, at(rate, end_0="", end_1="")),
    "admin:access_person_changelist": row(OK, OK),
    "admin:access_person_change": row(OK, OK, at(lambda cast: cast.elena.person)),
    **readable("access_role", lambda cast: cast.kolya.role),
    **readable("usage_usagefile", usage_file),
    **readable("usage_rejectedline", rejected_line),
    **readable("usage_usagemonth", usage_month),
    **readable("billing_billrun", bill_run),
    **readable("billing_invoice", issued),
}
