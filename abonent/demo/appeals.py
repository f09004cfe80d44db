"""Three appeals of the large client, in different states: answered and rated, waiting for the client, and new."""

import datetime as dt
import uuid
from dataclasses import dataclass
from io import BytesIO

from abonent.access.models import Identifier, Seat
from abonent.access.rights import BuiltIn
from abonent.appeals.conversation import Said, Subject, add_note, open_appeal, rate, reply
from abonent.appeals.models import Appeal
from abonent.appeals.uploads import take
from abonent.demo.people import ANNA, OLGA, SERGEI
from abonent.lib import clock
from abonent.subscribers.models import Subscriber

HOUR = dt.timedelta(hours=1)
DAY = dt.timedelta(days=1)
_KEYS = uuid.UUID("0d3f4a52-9c1e-4b5f-8a67-2f6c6d0f7a11")


@dataclass(frozen=True, slots=True)
class _Cast:
    anna: Seat
    sergei: Seat
    olga: Seat
    line: Subscriber


def make_appeals(now: dt.datetime) -> None:
    """`now` is the day that the demonstration is seen from."""
    anna = _seat(ANNA, BuiltIn.ADMINISTRATOR)
    line = Subscriber.objects.within(anna).filter(status=Subscriber.Status.ACTIVE).order_by("number")[7]
    cast = _Cast(anna, _seat(SERGEI, BuiltIn.SUPERVISOR), _seat(OLGA, BuiltIn.OPERATOR), line)
    _settled(cast, now)
    _asked(cast, now)
    _new(cast, now)


def _settled(cast: _Cast, now: dt.datetime) -> None:
    with clock.stopped(now - 12 * DAY):
        subject = Subject(Appeal.Kind.BILL, "Роуминг в счёте за прошлый месяц", cast.line)
        asked = "Добрый день! В счёте есть начисления за роуминг, а сотрудник из страны не выезжал. Проверьте."
        appeal = open_appeal(cast.anna, subject, _said(1, asked), None)
    with clock.stopped(now - 11 * DAY):
        add_note(appeal, cast.olga, _said(2, "Номер был у границы, зарегистрировался в соседней сети."), None)
        answer = (
            "Здравствуйте, Анна!\n\nТелефон регистрировался в сети соседней страны: номер был у самой границы. "
            "Начисления сняты, сумма вернётся в следующем счёте. Чтобы такого не случалось, отключите автовыбор сети."
        )
        reply(appeal, cast.olga, _said(3, answer), Appeal.State.CLOSED, None)
    with clock.stopped(now - 11 * DAY + 2 * HOUR):
        rate(appeal, cast.anna, 5, "Быстро и по делу", None)


def _asked(cast: _Cast, now: dt.datetime) -> None:
    with clock.stopped(now - 4 * DAY):
        asked = "В переговорной на третьем этаже пропадает связь у всех сотрудников."
        subject = Subject(Appeal.Kind.QUALITY, "Пропадает связь в переговорной")
        appeal = open_appeal(cast.sergei, subject, _said(4, asked), None)
    with clock.stopped(now - 3 * DAY):
        answer = "Здравствуйте! Напишите, пожалуйста, точный адрес и с какого дня это началось: отправим инженера."
        reply(appeal, cast.olga, _said(5, answer), Appeal.State.ASKED, None)


def _new(cast: _Cast, now: dt.datetime) -> None:
    with clock.stopped(now - 5 * HOUR):
        listed = f"Номер;Новое имя\n{cast.line.number};Отдел снабжения\n".encode("utf-8-sig")
        file = take(BytesIO(listed), len(listed), "переименование.csv", cast.anna.person)
        asked = "Просим переименовать номера по списку в приложении: месяц заканчивается, через кабинет уже нельзя."
        subject = Subject(Appeal.Kind.APPLICATION, "Переименование по списку")
        open_appeal(cast.anna, subject, _said(6, asked, file.pk), None)


def _said(place: int, text: str, *files: int) -> Said:
    return Said(text, uuid.uuid5(_KEYS, str(place)), files)


def _seat(phone: str, role: BuiltIn) -> Seat:
    person = Identifier.objects.get(kind=Identifier.Kind.PHONE, value=phone).person
    return Seat.objects.of(person).get(role__key=role)
