"""A bank statement of today: payments that name no account, or two, and wait for the operator's staff (L2)."""

import datetime as dt

from abonent import profile
from abonent.audit.journal import SYSTEM
from abonent.billing.bank.loading import enter, finish
from abonent.clients.models import Account, Client
from abonent.demo.plan import Plan
from abonent.formats.bank.entries import account_of
from abonent.lib import clock

STRANGER = ("ООО «Неизвестный плательщик»", "190009999", "BY11UNKN30120000000990000000")


def make_bank_statement(plan: Plan) -> None:
    """Load a file as a bank of the region writes it, at the demonstration's present."""
    day = plan.now.astimezone(plan.zone).date()
    with clock.stopped(plan.now):
        statement, _new = enter(_file(day).encode("cp1251"), f"vypiska-{day:%Y%m%d}.txt", SYSTEM)
        finish(statement)


def _file(day: dt.date) -> str:
    own = profile.current().operator.bank_account
    clients = list(Client.objects.order_by("pk")[:2])
    known = [(one.name, one.tax_id, account_of(one.bank_accounts.splitlines()[0])) for one in clients]
    numbers = list(Account.objects.as_system().order_by("number").values_list("number", flat=True)[:2])
    incoming = (
        (known[0], "84.50", "Оплата за услуги связи по договору, НДС не облагается"),
        (known[-1], "312.00", f"За связь, лицевые счета {' и '.join(numbers)}"),
        (STRANGER, "45.00", "Оплата по счёту"),
    )
    documents = [
        _document(str(place), day, amount, payer, own, purpose)
        for place, (payer, amount, purpose) in enumerate(incoming, 1)
    ]
    operator = ("Оператор", "", own)
    documents.append(_document("4", day, "1500.00", operator, STRANGER[2], "Аренда"))
    head = ("1CClientBankExchange", "ВерсияФормата=1.03", "Кодировка=Windows", f"РасчСчет={own}")
    return "\r\n".join((*head, *documents, "КонецФайла", ""))


def _document(number: str, day: dt.date, amount: str, payer: tuple[str, str, str], to: str, purpose: str) -> str:
    name, tax_id, account = payer
    rows = {
        "СекцияДокумент": "Платежное поручение",
        "Номер": number,
        "Дата": f"{day:%d.%m.%Y}",
        "Сумма": amount,
        "ПлательщикСчет": account,
        "Плательщик1": name,
        "ПлательщикИНН": tax_id,
        "ПолучательСчет": to,
        "ДатаПоступило": f"{day:%d.%m.%Y}",
        "НазначениеПлатежа": purpose,
    }
    return "\r\n".join((*(f"{key}={value}" for key, value in rows.items()), "КонецДокумента"))
