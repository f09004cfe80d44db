"""Equipment that the fictional operator sells in parts, and who bought some: so each bill has it (L8)."""

import datetime as dt
from decimal import Decimal

from abonent import profile
from abonent.audit.journal import SYSTEM
from abonent.billing.instalments import agree, end_early
from abonent.billing.models import InstalmentPlan
from abonent.catalog.models import InstalmentOffer
from abonent.demo.plan import Plan
from abonent.lib import clock
from abonent.lib.periods import Month
from abonent.subscribers.models import Subscriber

OFFERS = (
    ("phone-a52", "1199.00", 24, {"ru": "Смартфон A52", "be": "Смартфон A52", "en": "Smartphone A52"}),
    ("router-home", "189.90", 6, {"ru": "Роутер 4G", "be": "Роўтар 4G", "en": "4G router"}),
    ("tablet-10", "770.00", 12, {"ru": "Планшет 10″", "be": "Планшэт 10″", "en": "Tablet 10″"}),
    ("desk-phone", "100.00", 3, {"ru": "Настольный телефон", "be": "Настольны тэлефон", "en": "Desk phone"}),
)
# Of each account: which of its lines, what, and how many months before the open one it began.
SOLD = ((0, "phone-a52", 11), (1, "router-home", 8), (2, "tablet-10", 5), (3, "desk-phone", 2), (4, "phone-a52", 0))
EARLY = "tablet-10"


def make_offers() -> None:
    for code, price, months, names in OFFERS:
        InstalmentOffer.objects.create(code=code, price=Decimal(price), months=months, names=names)


def sell(plan: Plan, month: Month) -> None:
    """What is bought in parts in `month`, on each account that has such a line; at the first noon of the month."""
    sold = [(place, code) for place, code, back in SOLD if plan.open_month.plus(-back) == month]
    if not sold:
        return
    offers = {offer.code: offer for offer in InstalmentOffer.objects.all()}
    known = Subscriber.objects.as_system().filter(status=Subscriber.Status.ACTIVE)
    accounts = known.order_by("account_id").values_list("account_id", flat=True).distinct()
    with clock.stopped(month.period(profile.current().zone).start + dt.timedelta(hours=12)):
        for account in accounts:
            lines = list(known.filter(account=account).select_related("account__contract").order_by("pk")[: len(SOLD)])
            for place, code in sold:
                if place < len(lines):
                    agree(lines[place], offers[code], first=month, actor=SYSTEM)


def end_one_early(plan: Plan) -> None:
    """Somebody pays off a tablet with the next invoice."""
    with clock.stopped(plan.now):
        tablet = InstalmentPlan.objects.as_system().filter(offer__code=EARLY).order_by("pk").first()
        if tablet:
            end_early(tablet, SYSTEM)
