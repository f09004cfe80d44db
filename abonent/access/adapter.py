"""Where allauth is touched: its pipeline of log-ins and its second factors run, its own forms, texts and pages do not.

`proof` reads and writes its records of a session, `factors` its authenticators.
"""

import base64
import uuid

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.stagekit import clear_login
from allauth.account.stages import LoginStage, LoginStageController
from allauth.account.utils import perform_login, user_pk_to_url_str
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.crypto import salted_hmac

from abonent.access.models import Identifier, Person
from abonent.access.proof import has_second_factor, note_proof

FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


def has_factor(person: Person) -> bool:
    """Whether `person` has set up a second factor: an app or a passkey (recovery codes alone are none)."""
    found: bool = Authenticator.objects.filter(user=person, type__in=FACTORS).exists()
    return found


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth ships no types
    def add_message(self, request: HttpRequest, level: int, *args: object, **kwargs: object) -> None:
        """Say nothing of its own: the pages say what happened."""
        if level >= messages.ERROR:
            super().add_message(request, level, *args, **kwargs)

    def get_login_stages(self) -> list[str]:
        """What stands between the first proof and the log-in: the second factor, of whoever has one."""
        return ["abonent.access.adapter.SecondFactorStage"]


class SecondFactorStage(LoginStage):  # type: ignore[misc]  # allauth ships no types
    key = "second_factor"

    def handle(self) -> tuple[HttpResponseBase | None, bool]:
        if has_second_factor(self.request, self.login.user) or not has_factor(self.login.user):
            return None, True
        # Wrong codes are counted against this one log-in.
        self.state.setdefault("attempt", uuid.uuid4().hex)
        return HttpResponseRedirect(reverse(settings.SECOND_FACTOR_URL)), True


class MFAAdapter(DefaultMFAAdapter):  # type: ignore[misc]  # allauth ships no types
    def encrypt(self, text: str) -> str:
        """Encrypt a secret for the database: a copy of the database alone makes no codes."""
        return _cipher().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        return _cipher().decrypt(encrypted_text.encode()).decode()

    def get_totp_label(self, user: Person) -> str:
        """How the app calls the log-in: by what the person logs in with."""
        kinds = (Identifier.Kind.EMAIL, Identifier.Kind.PHONE)
        first = user.identifiers.filter(kind__in=kinds, verified=True).order_by("kind").first()
        return str(first) if first else user.name

    def get_totp_issuer(self) -> str:
        return "Abonent"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {**super().get_public_key_credential_rp_entity(), "name": "Abonent"}

    def get_public_key_credential_user_entity(self, user: Person) -> dict[str, object]:
        label = self.get_totp_label(user)
        return {"id": user_pk_to_url_str(user).encode(), "display_name": user.name, "name": label}

    def _get_site_name(self) -> str:
        return "Abonent"


def _cipher() -> MultiFernet:
    """The first key encrypts; earlier ones (`SECRET_KEY_FALLBACKS`) still decrypt."""
    secrets = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    digests = [salted_hmac("abonent.access.factors", "", secret=key, algorithm="sha256").digest() for key in secrets]
    return MultiFernet([Fernet(base64.urlsafe_b64encode(digest)) for digest in digests])


def let_in(request: HttpRequest, person: Person, method: str, then: str) -> HttpResponseBase:
    """Log `person` in by allauth's pipeline; answer `then`, or the page that asks for the second factor first.

    Only after a log-in is `request.user` that person. The session key is rotated; `method` (password, code, mfa) stays
    in the session with its time, for asking again.
    """
    note_proof(request, person, method)
    answer: HttpResponseBase = perform_login(request, person, redirect_url=then)
    return answer


def pending(request: HttpRequest) -> SecondFactorStage | None:
    """The log-in of this session that waits for its second factor: whose it is stands in `login.user`."""
    stage = LoginStageController.enter(request, SecondFactorStage.key)
    active = stage is not None and stage.login.user is not None and stage.login.user.is_active
    return stage if active else None


def go_on(stage: SecondFactorStage) -> HttpResponseBase:
    """The second factor was given: log in."""
    answer: HttpResponseBase = stage.exit()
    return answer


def give_up(request: HttpRequest) -> None:
    """Forget a log-in that waits."""
    clear_login(request)
