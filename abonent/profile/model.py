"""The operator profile: every figure and label that differs between operators, read from one TOML file."""

import datetime as dt
import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings

from abonent.lib.phones import NumberPlan

_FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class DocumentRules:
    """Months that documents reach back, and when a file goes as a link instead of by mail."""

    invoice_link_months: int
    invoice_history_months: int
    invoice_history_months_sip: int
    call_details_months: int
    call_details_months_sip: int
    # Numbers × months of one document.
    call_details_most: int
    payments_months: int
    statement_months: int
    order_history_months: int
    mail_limit_mb: int
    link_days: int
    ask_to_accept_rules: bool


@dataclass(frozen=True, slots=True)
class BillingRules:
    """Days of the month: invoices are formed until `forming_days`, due on `due_day` (L7, S4)."""

    forming_days: int
    due_day: int
    registration_until_day: int
    promise_days: int


@dataclass(frozen=True, slots=True)
class LoginRules:
    """Bounds on codes and guesses (S0.1), and how strong a log-in has to be (V8)."""

    code_minutes: int
    code_tries: int
    codes_per_day: int
    guesses_per_hour: int
    # Wrong codes of one person's app in a day, and recovery codes likewise.
    factor_guesses_per_day: int
    # For how long a proof is new enough for a sensitive action.
    fresh_minutes: int
    # Whether the operator's staff need a second factor.
    staff_second_factor: bool
    # How long the link of an invitation leads somewhere, and how many a client may send in a day.
    invitation_days: int
    invitations_per_day: int


@dataclass(frozen=True, slots=True)
class AppealRules:
    """Within how many working days an appeal is answered, and what may be sent with it (L10).

    `working_days` counts from Monday as 1; `holidays` are days of any year as `05-09`, or of one as `2026-04-21`.
    """

    answer_days: int
    working_days: tuple[int, ...]
    holidays: frozenset[str]
    reopen_days: int
    text_length: int
    files: int
    file_mb: int
    messages_per_day: int

    def is_working(self, day: dt.date) -> bool:
        named = {day.isoformat(), day.strftime("%m-%d")}
        return day.isoweekday() in self.working_days and not named & self.holidays


@dataclass(frozen=True, slots=True)
class NoticeRules:
    """What people are told of and how often (V1): days, messages, rows, minutes, local hours, a factor, money."""

    kept_days: int
    # Text messages to one person in a day, and the local hours [from, to) in which they are sent.
    texts_per_day: int
    texts_from_hour: int
    texts_to_hour: int
    # An order is long from so many numbers on, or when it took longer than so many minutes.
    long_order_rows: int
    long_order_minutes: int
    # Spend is unusual when it is so many times the mean of the last invoices, and at least so much.
    unusual_factor: Decimal
    unusual_least: Decimal


@dataclass(frozen=True, slots=True)
class ForwardingRules:
    """After how many seconds without an answer a call is forwarded, from, to and in steps of; the catalog's service.

    Where the catalog has a service with the code `service`, only a line that has it connected may forward (S12).
    """

    seconds_from: int
    seconds_to: int
    seconds_step: int
    service: str

    @property
    def seconds(self) -> range:
        return range(self.seconds_from, self.seconds_to + 1, self.seconds_step)


@dataclass(frozen=True, slots=True)
class PoolRules:
    """Choosing a new number (S13): how many are offered at once, for how long they are kept, how often one may ask.

    Tries are counted for a line within `tries_minutes`, and anew once its number has changed. A number that was given
    up is given to nobody for `rest_days`.
    """

    offer_size: int
    offer_minutes: int
    tries: int
    tries_minutes: int
    rest_days: int


@dataclass(frozen=True, slots=True)
class PeakHours:
    """Local hours [from_hour, to_hour) on `days` (Monday is 1) at which the peak price holds."""

    from_hour: int
    to_hour: int
    days: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class VatRate:
    since: dt.date
    rate: Decimal


@dataclass(frozen=True, slots=True)
class CurrencyWords:
    """The unit and its hundredth in words, each in the forms after 1, 2 and 5 (one language may repeat a form)."""

    unit: tuple[str, str, str]
    hundredth: tuple[str, str, str]


@dataclass(frozen=True, slots=True)
class OperatorRequisites:
    """Who sends the invoices: as registered, in the language of the country."""

    name: str
    address: str
    tax_id: str
    registry_id: str
    bank: str
    bank_code: str
    bank_account: str
    phone: str
    email: str


@dataclass(frozen=True, slots=True)
class Profile:
    code: str
    country: str
    currency: str
    currency_labels: Mapping[str, str]
    currency_words: Mapping[str, CurrencyWords]
    zone: ZoneInfo
    home_network: str
    operator: OperatorRequisites
    numbers: NumberPlan
    account_pattern: str
    account_example: str
    labels: Mapping[str, Mapping[str, str]]
    vat: tuple[VatRate, ...]
    documents: DocumentRules
    billing: BillingRules
    login: LoginRules
    appeals: AppealRules
    forwarding: ForwardingRules
    notices: NoticeRules
    pool: PoolRules
    peak: PeakHours
    rename_closed_last_days: int
    order_max_rows: int
    verdicts_kept_days: int
    usage_oldest_days: int

    def vat_rate(self, day: dt.date) -> Decimal:
        """Per cent of VAT on a supply of that day; before the first known rate it is a ValueError."""
        known = [entry.rate for entry in self.vat if entry.since <= day]
        if not known:
            raise ValueError(f"no VAT rate is known for {day}")
        return known[-1]

    def label(self, name: str, language: str) -> str:
        """What this country calls a thing, e.g. `label("tax_id", "ru")`."""
        names = self.labels[name]
        return names.get(language) or names["en"]

    def currency_label(self, language: str) -> str:
        return self.currency_labels.get(language) or self.currency

    def is_account_number(self, typed: str) -> bool:
        return re.fullmatch(self.account_pattern, typed) is not None


def read(code: str) -> Profile:
    """The profile in `<code>.toml`; an unknown code or a missing figure is an error at start."""
    path = _FOLDER / f"{code}.toml"
    if not path.is_file():
        known = ", ".join(sorted(file.stem for file in _FOLDER.glob("*.toml")))
        raise ValueError(f"ABONENT_PROFILE: no profile “{code}”; there are {known}")
    data = tomllib.loads(path.read_text(encoding="utf-8"))
    return Profile(
        code=data["code"],
        country=data["country"],
        currency=data["currency"],
        currency_labels=data["currency_label"],
        currency_words={
            language: CurrencyWords(tuple(words["unit"]), tuple(words["hundredth"]))
            for language, words in data["currency_words"].items()
        },
        zone=ZoneInfo(data["zone"]),
        home_network=data["home_network"],
        operator=OperatorRequisites(**data["operator"]),
        numbers=NumberPlan(data["numbers"]["country_code"], data["numbers"]["length"]),
        account_pattern=data["numbers"]["account_pattern"],
        account_example=data["numbers"]["account_example"],
        labels=data["labels"],
        vat=tuple(VatRate(entry["from"], Decimal(entry["rate"])) for entry in data["vat"]),
        documents=DocumentRules(**data["documents"]),
        billing=BillingRules(**data["billing"]),
        login=LoginRules(**data["login"]),
        forwarding=ForwardingRules(**data["forwarding"]),
        appeals=_appeals(data["appeals"]),
        notices=_notices(data["notices"]),
        pool=PoolRules(**data["pool"]),
        peak=PeakHours(data["peak"]["from_hour"], data["peak"]["to_hour"], tuple(data["peak"]["days"])),
        rename_closed_last_days=data["rename"]["closed_last_days"],
        order_max_rows=data["orders"]["max_rows"],
        verdicts_kept_days=data["orders"]["verdicts_kept_days"],
        usage_oldest_days=data["usage"]["oldest_days"],
    )


def _appeals(data: dict[str, Any]) -> AppealRules:
    lists = {"working_days": tuple(data["working_days"]), "holidays": frozenset(data["holidays"])}
    return AppealRules(**{**data, **lists})


def _notices(data: dict[str, Any]) -> NoticeRules:
    money = {name: Decimal(str(data[name])) for name in ("unusual_factor", "unusual_least")}
    return NoticeRules(**{**data, **money})


@cache
def _known(code: str) -> Profile:
    return read(code)


def current() -> Profile:
    """The profile that this installation runs with (`ABONENT_PROFILE`)."""
    return _known(settings.PROFILE)
