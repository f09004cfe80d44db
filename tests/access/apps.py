"""An authenticator app, as a person has it on their phone."""

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from allauth.mfa.utils import decrypt

from abonent.access.factors import counters
from abonent.access.models import Person


def with_app(person: Person) -> Authenticator:
    """Give `person` an app."""
    made: Authenticator = TOTP.activate(person, generate_totp_secret()).instance
    return made


def shown(secret: str, step: int = 0) -> str:
    """What the app shows `step` half minutes from now."""
    now = counters()[len(counters()) // 2]
    digits: str = format_hotp_value(hotp_value(secret, now + step))
    return digits


def code_of(app: Authenticator, step: int = 0) -> str:
    return shown(decrypt(app.data["secret"]), step)


def other_than(code: str) -> str:
    """A code that the app shows neither now nor one step before or after (but for one chance in many)."""
    return f"{(int(code) + 500_001) % 10**6:06}"
