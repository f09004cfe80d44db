"""Call record files and the lines of them that were rejected: read only."""

from django.db.models import Model

from abonent.backoffice.admins.base import OperatorAdmin
from abonent.usage.models import RejectedLine, UsageFile, UsageMonth


class UsageFileAdmin(OperatorAdmin):
    list_display = ("name", "started", "loaded", "records", "late", "rejected")
    search_fields = ("name", "=sha256")


class RejectedLineAdmin(OperatorAdmin):
    list_display = ("file", "line_number", "reason", "text")
    list_filter = ("reason",)
    list_select_related = ("file",)
    search_fields = ("=file__name",)


class UsageMonthAdmin(OperatorAdmin):
    list_display = ("month", "closed", "version")
    list_select_related = ("version__month",)


ADMINS: dict[type[Model], type[OperatorAdmin]] = {
    UsageFile: UsageFileAdmin,
    RejectedLine: RejectedLineAdmin,
    UsageMonth: UsageMonthAdmin,
}
