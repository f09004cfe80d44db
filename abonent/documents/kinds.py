"""Every kind of document. To add one is to add a file and a line here."""

from abonent.documents import call_details, current_charges, invoice, payments, reconciliation, subscriber_list
from abonent.documents.document import Kind

_ALL = (invoice.KIND, call_details.KIND, subscriber_list.KIND, reconciliation.KIND, payments.KIND, current_charges.KIND)
KINDS: dict[str, Kind] = {kind.key: kind for kind in _ALL}
