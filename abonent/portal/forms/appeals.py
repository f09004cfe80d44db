"""A new appeal, a message in one, and its rating (L10, V9)."""

from django import forms
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from abonent import profile
from abonent.access.models import Seat
from abonent.access.rights import Right
from abonent.appeals.conversation import Subject
from abonent.appeals.forms import MessageForm
from abonent.appeals.models import Appeal
from abonent.clients.models import Account
from abonent.subscribers.models import Subscriber

MAX_TOPIC = 120


class AppealForm(MessageForm):
    """The number concerned is one that the seat may see; of others it is said alike, whether they exist or not."""

    field_order = ["kind", "topic", "number", "account", "text", "attachments"]

    kind = forms.ChoiceField(
        label=_("What is it about"), choices=Appeal.Kind.choices, error_messages={"required": _("Choose one.")}
    )
    topic = forms.CharField(
        label=_("Topic"), max_length=MAX_TOPIC, error_messages={"required": _("Say in a few words what it is about.")}
    )
    number = forms.CharField(
        label=_("Number concerned"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"list": "appeal-numbers", "inputmode": "tel", "autocomplete": "off"}),
    )
    account = forms.TypedChoiceField(label=_("Account concerned"), required=False, coerce=int, empty_value=None)

    def __init__(self, request: HttpRequest, seat: Seat, initial: dict[str, object] | None = None) -> None:
        super().__init__(request, seat.person, initial)
        self.seat = seat
        self.subscriber: Subscriber | None = None
        accounts = seat.accounts
        if not seat.has(Right.SEE_SUBSCRIBERS):
            del self.fields["number"]
        if len(accounts) < 2:  # noqa: PLR2004  # nothing to choose from
            del self.fields["account"]
        else:
            chosen = self.fields["account"]
            assert isinstance(chosen, forms.TypedChoiceField)  # noqa: S101  # declared above
            chosen.choices = [("", _("All")), *((account.pk, account.number) for account in accounts)]

    def clean_topic(self) -> str:
        """One line, without what a line cannot have: it becomes the subject of letters."""
        visible = "".join(sign if sign.isprintable() else " " for sign in str(self.cleaned_data["topic"]))
        topic = " ".join(visible.split())
        if not topic:
            raise forms.ValidationError(self.fields["topic"].error_messages["required"])
        return topic

    def clean_number(self) -> str:
        typed = str(self.cleaned_data["number"]).strip()
        if not typed:
            return ""
        wanted = profile.current().numbers.clean(typed) or typed
        known = Subscriber.objects.within(self.seat).filter(number=wanted)
        self.subscriber = known.exclude(status=Subscriber.Status.TERMINATED).select_related("account").first()
        if self.subscriber is None:
            # Translators: «Номера должны принадлежать Вашей компании.»
            raise forms.ValidationError(_("The numbers must belong to your company."))
        return typed

    def extra_content(self) -> list[str]:
        cleaned = self.cleaned_data
        return [str(cleaned.get(name) or "") for name in ("kind", "topic", "number", "account")]

    def subject(self) -> Subject:
        """What a valid form asks about."""
        account = self.cleaned_data.get("account")
        return Subject(self.cleaned_data["kind"], self.cleaned_data["topic"], self.subscriber, self._account(account))

    def _account(self, pk: int | None) -> Account | None:
        return next((account for account in self.seat.accounts if account.pk == pk), None)


class RatingForm(forms.Form):
    use_required_attribute = False

    rating = forms.TypedChoiceField(
        label=_("How good was the answer"),
        coerce=int,
        widget=forms.RadioSelect,
        choices=[
            (5, _("5 – very good")),
            (4, _("4 – good")),
            (3, _("3 – so-so")),
            (2, _("2 – bad")),
            (1, _("1 – very bad")),
        ],
        error_messages={"required": _("Choose a mark from 1 to 5.")},
    )
    word = forms.CharField(label=_("In a word"), required=False, max_length=500)
