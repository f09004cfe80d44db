"""The one format of call record files (docs/usage-format.md): header, columns, bounds, reasons."""

from django.db import models
from django.utils.translation import gettext_lazy as _

HEADER = "abonent-usage;1"
SEPARATOR = ";"
COLUMNS = ("number", "kind", "direction", "start", "quantity", "peer", "network")

LINE_LIMIT = 500
CUT = 200
MEGABYTE = 1_048_576
MAX_SECONDS = 7 * 86_400
MAX_MESSAGES = 1_000
MAX_BYTES = 1 << 40
AHEAD_SECONDS = 900
SHORT_DIGITS = 6


class Reason(models.TextChoices):
    """Why a line is not a record."""

    ENCODING = "encoding", _("characters that are not allowed in a call record file")
    LENGTH = "length", _("the line is too long")
    COLUMNS = "columns", _("wrong number of columns")
    NUMBER = "number", _("the own number is not a number or SIP id")
    KIND = "kind", _("unknown kind of record")
    DIRECTION = "direction", _("unknown direction")
    TIME = "time", _("not a time with an offset from UTC")
    FUTURE = "future", _("time in the future")
    OLD = "old", _("time too far in the past")
    QUANTITY = "quantity", _("the quantity is not a whole number within its bounds")
    PEER = "peer", _("the peer is not a number or a name")
    NETWORK = "network", _("the network is not a TADIG code")
    UNKNOWN_NUMBER = "unknown_number", _("nobody held this number at that time")
    NO_ACCOUNT = "no_account", _("the subscriber was on no account at that time")


class Charge(models.TextChoices):
    """What a rated record is charged as: the lines of totals, invoices and call details."""

    VOICE_HOME = "voice_home", _("Calls in the country")
    VOICE_INTL = "voice_intl", _("International calls")
    VOICE_ROAMING = "voice_roaming", _("Calls in roaming")
    VOICE_IN = "voice_in", _("Incoming calls")
    SMS_HOME = "sms_home", _("SMS in the country")
    SMS_INTL = "sms_intl", _("International SMS")
    SMS_ROAMING = "sms_roaming", _("SMS in roaming")
    SMS_IN = "sms_in", _("Incoming SMS")
    DATA_HOME = "data_home", _("Internet in the country")
    DATA_ROAMING = "data_roaming", _("Internet in roaming")


class Problem(models.TextChoices):
    """Why a record could not be priced; it is counted and shown, never silently free."""

    NO_PLAN = "no_plan", _("no tariff at that time")
    NO_NETWORK = "no_network", _("the visited network is in no zone")
    NO_RATE = "no_rate", _("the tariff has no price for it")
