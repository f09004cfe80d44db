"""A decimal of two places, kept as an integer: the database adds it up exactly, SQLite too, which has no decimals."""

from decimal import Decimal

from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper


class HundredthsField(models.DecimalField):  # type: ignore[type-arg]  # Django's fields take no arguments at run time
    """Money or per cent as a Decimal, an integer of hundredths in the table. More than two places: ValueError."""

    def __init__(self, *args: object, **kwargs: object) -> None:
        kwargs.update(max_digits=16, decimal_places=2)
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # passed on as they came

    def deconstruct(self) -> tuple[str, str, list[object], dict[str, object]]:
        name, path, args, kwargs = super().deconstruct()
        del kwargs["max_digits"], kwargs["decimal_places"]
        return name, path, list(args), kwargs

    def get_internal_type(self) -> str:
        return "BigIntegerField"

    def get_db_prep_value(
        self,
        value: object,
        connection: BaseDatabaseWrapper,  # noqa: ARG002  # Django's signature
        prepared: bool = False,  # noqa: ARG002, FBT001, FBT002  # the same
    ) -> int | None:
        return None if value is None else hundredths(Decimal(str(value)))

    def get_db_prep_save(self, value: object, connection: BaseDatabaseWrapper) -> object:
        if hasattr(value, "as_sql"):
            return value
        return self.get_db_prep_value(value, connection)

    def from_db_value(self, value: int | None, *_args: object) -> Decimal | None:
        return None if value is None else Decimal(value).scaleb(-2)


def hundredths(amount: Decimal) -> int:
    """How many hundredths `amount` is; ValueError where it has more than two places."""
    scaled = amount.scaleb(2)
    if scaled != scaled.to_integral_value():
        raise ValueError(f"{amount} has more than two decimals")
    return int(scaled)
