"""What the invoices of some accounts are made from: each kind of fact is read once for all of them.

A bill run takes small accounts together, which saves most of its queries; of a large one the rows are many anyway.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import NamedTuple, Self

from abonent.billing import instalment_charges, usage_charges
from abonent.billing.charges import Catalog, Charge, Facts, Fees, gather
from abonent.billing.pricing import Pricing
from abonent.billing.spans import Held, Window, held
from abonent.billing.usage_charges import Used
from abonent.subscribers.models import NameHolding, NumberHolding, Subscriber


class Person(NamedTuple):
    """How a subscriber stands on the invoice."""

    number: str
    name: str
    tariff: str


@dataclass(slots=True)
class Gathered:
    """Facts of some accounts within a window of the month of `pricing`."""

    pricing: Pricing
    catalog: Catalog
    stays: dict[int, Held]
    facts: Facts
    instalments: dict[int, list[Charge]]
    _named: tuple[Held, Held] | None = field(default=None)

    @classmethod
    def of(
        cls, account_ids: Collection[int], pricing: Pricing, window: Window, only: Collection[int] | None = None
    ) -> Self:
        """Everything of the accounts; of the subscribers `only` where they are given."""
        stays, facts = gather(account_ids, window, only)
        parts = instalment_charges.charges(account_ids, pricing.month, window, only)
        return cls(pricing, Catalog.read(), stays, facts, parts)

    def charges(self, account_id: int, usage: Iterable[Used]) -> list[Charge]:
        """Every charge of an account: fees, instalments, usage."""
        fees = Fees(self.stays.get(account_id, {}), self.facts, self.pricing, self.catalog).all()
        return [*fees, *self.instalments.get(account_id, ()), *usage_charges.charges(usage, self.pricing)]

    def people(self, account_id: int, wanted: Iterable[int]) -> dict[int, Person]:
        """Numbers, last name and last tariff of the window of who is on the account, and of the ids `wanted`.

        Who left before it (late records) stands as it is now.
        """
        numbers, names = self._numbers_and_names()
        plans = self.facts.plans
        codes: dict[object, str] = {key: one.subject.partition(":")[2] for key, one in self.catalog.tariffs.items()}
        people = {
            key: Person(
                number=", ".join(dict.fromkeys(str(span.value[0]) for span in numbers[key])),
                name=" ".join(str(part) for part in names[key][-1].value if part) if key in names else "",
                tariff=codes[plans[key][-1].value[0]] if key in plans else "",
            )
            for key in self.stays.get(account_id, {})
            if key in numbers
        }
        missing = [key for key in wanted if key not in people]
        for one in Subscriber.objects.as_system().filter(pk__in=missing) if missing else ():
            people[one.pk] = Person(one.number, one.name, codes.get(one.tariff_id, ""))
        return people

    def _numbers_and_names(self) -> tuple[Held, Held]:
        if self._named is None:
            of, window, few = self.facts.of, self.facts.window, self.facts.few
            name = ("last_name", "first_name", "middle_name")
            numbers = held(of(NumberHolding.objects.all()), window, "number", few=few)
            self._named = numbers, held(of(NameHolding.objects.all()), window, *name, few=few)
        return self._named
