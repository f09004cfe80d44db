"""What a page hands out at once: the rows that it shows, as a file. Nothing is ordered, nothing is mailed.

The description of the data is a `Report`, the formats are those of ordered documents. A list that is changed in Excel
and sent back is no document: it is in `exporting` of the portal alone.
"""

from abonent.formats.writers import WRITERS

# By the key of the report. To add one is to add a line here and in `docs/formats/README.md`.
DOWNLOADS: dict[str, tuple[str, ...]] = {
    "subscriber_list": tuple(WRITERS),
    "orders": tuple(WRITERS),
    "order": tuple(WRITERS),
    "history": tuple(WRITERS),
    "payments": tuple(WRITERS),
}
