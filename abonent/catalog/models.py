"""What the operator sells: tariffs with option sets, services, zones and prices. Prices are net of VAT."""

from decimal import Decimal
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from abonent.clients.models import Account


class Named(models.Model):
    """A catalog entry with a name and a description per language: `{"ru": …, "be": …, "en": …}`."""

    code = models.SlugField(_("code"), max_length=40, unique=True)
    names = models.JSONField(_("names by language"))
    descriptions = models.JSONField(_("descriptions by language"), default=dict, blank=True)

    class Meta:
        abstract = True
        ordering: ClassVar[list[str]] = ["code"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """In the reader's language, else in Russian."""
        return self.name_in(get_language() or "ru")

    def name_in(self, language: str) -> str:
        return str(self.names.get(language) or self.names.get("ru") or self.code)

    @property
    def description(self) -> str:
        return str(self.descriptions.get(get_language() or "ru") or self.descriptions.get("ru") or "")


class TariffCategory(Named):
    """«Категория тарифа», e.g. «Для смартфонов» (S9)."""

    class Meta(Named.Meta):
        verbose_name = _("tariff category")
        verbose_name_plural = _("tariff categories")


class Tariff(Named):
    category = models.ForeignKey(
        TariffCategory, on_delete=models.PROTECT, related_name="tariffs", verbose_name=_("category")
    )
    kind = models.CharField(_("for accounts of kind"), max_length=10, choices=Account.Kind.choices)
    fee = models.DecimalField(_("monthly fee"), max_digits=12, decimal_places=4)
    on_sale = models.BooleanField(_("on sale"), default=True)
    # A sensor's SIM is soldered in; where the client may not, the operator replaces it (S14).
    sim_by_client = models.BooleanField(_("the client may replace the SIM"), default=True)

    class Meta(Named.Meta):
        verbose_name = _("tariff")
        verbose_name_plural = _("tariffs")


class OptionSet(Named):
    """A package within a tariff: minutes at home, messages, megabytes (each 0 where there is none)."""

    tariff = models.ForeignKey(Tariff, on_delete=models.PROTECT, related_name="option_sets", verbose_name=_("tariff"))
    fee = models.DecimalField(_("monthly fee"), max_digits=12, decimal_places=4)
    minutes = models.PositiveIntegerField(_("minutes"), default=0)
    messages = models.PositiveIntegerField(_("messages"), default=0)
    megabytes = models.PositiveIntegerField(_("megabytes"), default=0)

    class Meta(Named.Meta):
        verbose_name = _("option set")
        verbose_name_plural = _("option sets")


class NumberCategory(Named):
    """How much a number of the pool stands out («золотой»), and what choosing one costs, once (S13)."""

    kind = models.CharField(_("for accounts of kind"), max_length=10, choices=Account.Kind.choices)
    fee = models.DecimalField(_("price of a number, once"), max_digits=12, decimal_places=4, default=Decimal(0))
    on_sale = models.BooleanField(_("on sale"), default=True)

    class Meta(Named.Meta):
        verbose_name = _("number category")
        verbose_name_plural = _("number categories")


class InstalmentOffer(Named):
    """Equipment that is paid for in parts, with the invoices. Its price is the one on the tag: with VAT (L8)."""

    price = models.DecimalField(
        _("price with VAT"), max_digits=12, decimal_places=2, validators=[MinValueValidator(Decimal("0.01"))]
    )
    months = models.PositiveSmallIntegerField(
        _("monthly payments"), validators=[MinValueValidator(1), MaxValueValidator(120)]
    )
    on_sale = models.BooleanField(_("on sale"), default=True)

    class Meta(Named.Meta):
        verbose_name = _("instalment offer")
        verbose_name_plural = _("instalment offers")
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(months__gte=1, price__gt=0), name="instalment_offer_is_something")
        ]

    def clean(self) -> None:
        # A form gives what was typed wrongly as nothing.
        price: Decimal | None = self.price
        if price is not None and self.months and price < self.months * Decimal("0.01"):
            raise ValidationError({"months": _("There are more payments than the price has hundredths.")})


class ServiceCategory(Named):
    class Meta(Named.Meta):
        verbose_name = _("service category")
        verbose_name_plural = _("service categories")


class Service(Named):
    """An extra that can be connected to a subscriber (S7, S15.1)."""

    category = models.ForeignKey(
        ServiceCategory, on_delete=models.PROTECT, related_name="services", verbose_name=_("category")
    )
    kinds = models.CharField(_("for accounts of kinds"), max_length=40, default="mobile", help_text="mobile,fixed,sip")
    fee = models.DecimalField(_("monthly fee"), max_digits=12, decimal_places=4, default=Decimal(0))
    connect_fee = models.DecimalField(_("price of connecting"), max_digits=12, decimal_places=4, default=Decimal(0))
    excludes = models.ManyToManyField("self", blank=True, verbose_name=_("cannot stand beside"))
    requires = models.ManyToManyField(
        "self", blank=True, symmetrical=False, related_name="required_by", verbose_name=_("needs")
    )
    on_sale = models.BooleanField(_("on sale"), default=True)

    class Meta(Named.Meta):
        verbose_name = _("service")
        verbose_name_plural = _("services")

    def fits(self, kind: str) -> bool:
        return kind in self.kinds.split(",")


class Zone(Named):
    """Where a call goes (by the prefix of the peer) or where it is made (by the visited network)."""

    class Kind(models.TextChoices):
        DESTINATION = "destination", _("destination")
        ROAMING = "roaming", _("roaming")

    kind = models.CharField(_("kind"), max_length=12, choices=Kind.choices)
    takes_forwarded = models.BooleanField(
        _("calls may be forwarded there"), default=False, help_text=_("Within the country they always may.")
    )

    class Meta(Named.Meta):
        verbose_name = _("zone")
        verbose_name_plural = _("zones")


class ZonePrefix(models.Model):
    """For a destination: leading digits of the peer; for roaming: leading letters of the TADIG code. Longest wins.

    `411$` is the whole number, not a beginning: so are short numbers (at most six digits) given, and only so found.
    """

    zone = models.ForeignKey(Zone, on_delete=models.CASCADE, related_name="prefixes")
    kind = models.CharField(max_length=12, choices=Zone.Kind.choices, editable=False)
    prefix = models.CharField(_("prefix"), max_length=20)

    class Meta:
        verbose_name = _("prefix")
        verbose_name_plural = _("prefixes")
        constraints = [models.UniqueConstraint(fields=["kind", "prefix"], name="zone_prefix_once")]

    def __str__(self) -> str:
        return self.prefix

    def save(self, *args: object, **kwargs: object) -> None:
        self.kind = self.zone.kind
        super().save(*args, **kwargs)  # type: ignore[arg-type]  # passed on as they came


class Traffic(models.TextChoices):
    VOICE = "voice", _("voice")
    SMS = "sms", _("SMS")
    DATA = "data", _("data")


class Direction(models.TextChoices):
    OUT = "out", pgettext_lazy("direction", "outgoing")
    IN = "in", pgettext_lazy("direction", "incoming")


class Rate(models.Model):
    """The price of one step of traffic in a tariff.

    `roaming` empty: made at home. `destination` empty: any destination, where no rate names the zone. `step` and
    `minimum` are seconds, messages or bytes. `in_package` says whether the option set's package pays for it first.
    """

    tariff = models.ForeignKey(Tariff, on_delete=models.CASCADE, related_name="rates", verbose_name=_("tariff"))
    traffic = models.CharField(_("traffic"), max_length=5, choices=Traffic.choices)
    direction = models.CharField(_("direction"), max_length=3, choices=Direction.choices)
    roaming = models.ForeignKey(
        Zone,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        limit_choices_to={"kind": "roaming"},
        verbose_name=_("roaming zone"),
    )
    destination = models.ForeignKey(
        Zone,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        limit_choices_to={"kind": "destination"},
        verbose_name=_("destination"),
    )
    price = models.DecimalField(_("price of a step"), max_digits=12, decimal_places=6)
    off_peak_price = models.DecimalField(_("price off peak"), max_digits=12, decimal_places=6, null=True, blank=True)
    step = models.PositiveBigIntegerField(_("step"))
    minimum = models.PositiveBigIntegerField(_("minimum"), default=0)
    in_package = models.BooleanField(_("the package pays first"), default=False)
    start = models.DateTimeField(_("from"))
    end = models.DateTimeField(_("until"), null=True, blank=True)

    class Meta:
        verbose_name = _("rate")
        verbose_name_plural = _("rates")
        constraints = [
            models.CheckConstraint(condition=Q(end__isnull=True) | Q(end__gt=F("start")), name="rate_half_open"),
            models.CheckConstraint(condition=Q(step__gt=0), name="rate_step_positive"),
            models.UniqueConstraint(
                F("tariff"),
                F("traffic"),
                F("direction"),
                Coalesce("roaming", 0),
                Coalesce("destination", 0),
                condition=Q(end__isnull=True),
                name="rate_one_in_force",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.tariff} {self.traffic} {self.direction}"
