import datetime as dt
from collections import defaultdict

from abonent.access.models import Seat, SeatTarget
from abonent.appeals.models import Appeal, Message
from abonent.notices.fact import Fact, Found, Told
from abonent.notices.facts.new import seats_in_force, unseen
from abonent.notices.kinds import Kind, may_be_told


def appeals_answered(since: dt.datetime) -> Found:
    """Answers of the staff since then, with the seats that spoke in the appeal and may still read it."""
    rows = Message.objects.filter(author=Message.Author.STAFF, internal=False, at__gte=since)
    new = unseen(rows.select_related("appeal"), Kind.APPEAL_ANSWERED)
    spoke = _spoke({message.appeal_id for message in new})
    ids = {seat for seats in spoke.values() for seat in seats}
    seats = seats_in_force().in_bulk(ids)
    bound = SeatTarget.objects.filter(seat__in=ids, seat__reach=Seat.Reach.ACCOUNTS).values_list("seat_id", "target")
    accounts = set(bound)
    told = []
    for message in new:
        fact = _fact(message)
        there = (seats[pk] for pk in sorted(spoke[message.appeal_id]) if pk in seats)
        able = (seat for seat in there if may_be_told(seat, Kind.APPEAL_ANSWERED))
        told += [Told(seat, fact) for seat in able if _reads(seat, message.appeal, accounts)]
    return Found(Kind.APPEAL_ANSWERED, tuple(message.pk for message in new), tuple(told))


def _spoke(appeals: set[int]) -> dict[int, set[int]]:
    """By appeal, the seats that wrote in it."""
    written = Message.objects.filter(appeal__in=appeals, author=Message.Author.CLIENT, seat__isnull=False).order_by()
    found: dict[int, set[int]] = defaultdict(set)
    for appeal, seat in written.values_list("appeal_id", "seat_id").distinct():
        found[appeal].add(seat or 0)
    return found


def _reads(seat: Seat, appeal: Appeal, accounts: set[tuple[int, int]]) -> bool:
    """As `Appeal.within` has it, of what was read already."""
    if seat.client_id != appeal.client_id:
        return False
    own = appeal.seat_id == seat.pk or seat.reach == Seat.Reach.CLIENT
    return own or (seat.pk, appeal.account_id) in accounts


def _fact(message: Message) -> Fact:
    appeal = message.appeal
    args = {"number": appeal.number, "topic": appeal.topic}
    return Fact(Kind.APPEAL_ANSWERED, f"appeal_answered:{message.pk}", message.at, appeal.pk, args)
