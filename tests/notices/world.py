"""What the tests of notices share: facts of each kind, and what somebody was told."""

import uuid
from decimal import Decimal

from abonent.access.models import Seat
from abonent.appeals.conversation import Said, Subject, open_appeal, reply
from abonent.appeals.models import Appeal
from abonent.billing.models import Breakdown, Invoice, InvoiceSubscriber
from abonent.clients.models import Account
from abonent.lib import clock
from abonent.lib.periods import Month
from abonent.notices import choosing
from abonent.notices.choosing import Wanted
from abonent.notices.kinds import Channel, Kind
from abonent.notices.models import Notice
from abonent.profile import current
from abonent.usage.models import RatingVersion, UsageMonth
from tests.cast import Cast

PAGE, MAIL, SMS = Channel.PAGE, Channel.MAIL, Channel.SMS


def month_now() -> Month:
    return Month.at(clock.now(), current().zone)


def invoice(account: Account, month: Month | None = None, gross: str = "12.50", **lines: str) -> Invoice:
    """An issued invoice; `lines` are amounts by `line_<subscriber's id>`."""
    month = month or month_now().plus(-1)
    period = month.period(current().zone)
    usage, _made = UsageMonth.objects.get_or_create(month=str(month))
    nothing = {"records": 0, "unrated": 0, "amount_micros": 0}
    version, _made = RatingVersion.objects.get_or_create(month=usage, preliminary=False, defaults=nothing)
    breakdown = Breakdown.objects.create(account=account, month=str(month))
    for name, amount in lines.items():
        InvoiceSubscriber.objects.create(
            breakdown=breakdown,
            subscriber_id=int(name.removeprefix("line_")),
            number="1",
            net=Decimal(amount),
            vat=Decimal(0),
            gross=Decimal(amount),
        )
    return Invoice.objects.create(
        account=account,
        month=str(month),
        number=f"{account.number}-{month}",
        issued_at=clock.now(),
        due_date=clock.today(current().zone),
        period_start=period.start,
        period_end=period.end or period.start,
        breakdown=breakdown,
        rating_version=version,
        currency="BYN",
        net=Decimal(gross),
        vat=Decimal(0),
        gross=Decimal(gross),
        snapshot={},
    )


def answered(cast: Cast, seat: Seat) -> Appeal:
    """An appeal that `seat` opened and the staff answered."""
    appeal = open_appeal(seat, Subject("bill", "Roaming"), Said("Why?", uuid.uuid4()), None)
    reply(appeal, cast.olga, Said("Because.", uuid.uuid4()), Appeal.State.ANSWERED, None)
    return appeal


def choose(seat: Seat, kind: Kind, *channels: Channel, **figures: str) -> None:
    wish = Wanted(frozenset(channels), {key: Decimal(value) for key, value in figures.items()})
    assert choosing.choose(seat, {kind: wish})


def told(seat: Seat) -> list[tuple[str, int]]:
    """Kind and id of everything that the seat was told, in order."""
    return list(Notice.objects.filter(seat=seat).order_by("pk").values_list("kind", "about"))
