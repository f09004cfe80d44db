"""What an invoice remembers of the world, so that later renames and address changes don't touch it.

```
{"operator": {name, address, tax_id, registry_id, bank, bank_code, bank_account, phone, email},
 "client":   {id, name, tax_id, registry_id, bank_accounts: [...], address},
 "contract": {number, signed: "2020-01-31"},
 "account":  {number, kind, payment_form},
 "delivery": {method, address, format} or null,     the one in force when the invoice was formed (L3)
 "profile":  "by",
 "names":    {"tariff:smart": {"ru": ..., "be": ..., "en": ...}, "service:...": ..., "option_set:...": ...}}
```
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import asdict

from abonent.billing.charges import Catalog
from abonent.clients.models import Account
from abonent.profile import Profile


def take(
    account: Account, profile: Profile, catalog: Catalog, subjects: Iterable[str], formed_at: dt.datetime
) -> dict[str, object]:
    """The snapshot of an invoice formed at `formed_at` that names `subjects`."""
    contract, client = account.contract, account.client
    delivery = account.delivery_at(formed_at)
    return {
        "operator": asdict(profile.operator),
        "client": {
            "id": client.pk,
            "name": client.name,
            "tax_id": client.tax_id,
            "registry_id": client.registry_id,
            "bank_accounts": client.bank_accounts.splitlines(),
            "address": client.address,
        },
        "contract": {"number": contract.number, "signed": contract.signed.isoformat()},
        "account": {"number": account.number, "kind": account.kind, "payment_form": account.payment_form},
        "delivery": delivery and {"method": delivery.method, "address": delivery.address, "format": delivery.format},
        "profile": profile.code,
        "names": {subject: catalog.names[subject] for subject in sorted(set(subjects)) if subject},
    }
