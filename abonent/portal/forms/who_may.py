"""The question "who may do this there?": a right, and a place that the asker sees (V8). It stands in the address."""

from collections.abc import Iterator

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from abonent import profile
from abonent.access.models import Seat
from abonent.access.rights import RIGHT_GROUPS, RIGHT_NAMES, Right
from abonent.access.who_may import Place
from abonent.clients.models import Account, Folder
from abonent.hierarchy.paths import Paths
from abonent.subscribers import places
from abonent.subscribers.models import Subscriber

# More of them are found on the list of every folder, not in a menu.
MENU_FOLDERS = 300
CLIENT, ACCOUNT, FOLDER = "client", "account", "folder"


class WhoMayForm(forms.Form):
    """`over` is `client`, `account-7` or `folder-7`; a typed number is asked about instead."""

    use_required_attribute = False

    right = forms.ChoiceField(
        label=gettext_lazy("Who may"),
        choices=[(head, [(right.value, RIGHT_NAMES[right]) for right in rights]) for head, rights in RIGHT_GROUPS],
        error_messages={"invalid_choice": gettext_lazy("There is no such right.")},
    )
    over = forms.ChoiceField(
        label=gettext_lazy("Over what"),
        error_messages={
            "invalid_choice": gettext_lazy("There is no such account or folder."),
            "required": gettext_lazy("Choose over what, or type a number."),
        },
    )
    number = forms.CharField(
        label=gettext_lazy("Or a number"),
        required=False,
        max_length=40,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"}),
    )
    place: Place | None = None

    def __init__(self, seat: Seat, paths: Paths, asked: QueryDict) -> None:
        data = asked.copy()
        data.setdefault("right", Right.CHANGE_TARIFFS)
        super().__init__(data)
        self.seat, self.paths = seat, paths
        over = self.fields["over"]
        if not isinstance(over, forms.ChoiceField):
            raise TypeError("the place is a choice")
        over.choices = list(self._choices(data.get("over", "")))
        over.required = bool(over.choices) and not data.get("number")
        if over.choices:
            first = over.choices[0][1]
            data.setdefault("over", first[0][0] if isinstance(first, list) else "")
        else:
            # Who has single numbers asks about these alone.
            over.widget = forms.HiddenInput()

    def _choices(self, chosen: str) -> Iterator[tuple[str, list[tuple[str, str]]]]:
        if self.seat.reach == Seat.Reach.CLIENT and self.seat.client is not None:
            yield _("Client"), [(CLIENT, _("The whole client"))]
        accounts = [(f"{ACCOUNT}-{account.pk}", account.number) for account in self.seat.accounts]
        if accounts:
            yield _("Accounts"), accounts
        folders = [(f"{FOLDER}-{pk}", self.paths.path(pk)) for pk in self._menu(chosen)]
        if folders:
            yield _("Folders"), folders

    def _menu(self, chosen: str) -> list[int]:
        """All folders if they are few, else the one that is asked about, if it is one that the seat sees."""
        if len(self.paths.folders) <= MENU_FOLDERS:
            return self.paths.in_order
        return [pk for pk in self.paths.folders if chosen == f"{FOLDER}-{pk}"]

    def clean(self) -> dict[str, object]:
        cleaned = super().clean() or {}
        if cleaned.get("number"):
            self.place = self._number(str(cleaned["number"]))
        elif cleaned.get("over"):
            self.place = self._over(str(cleaned["over"]))
        elif not self.errors:
            self.add_error("number", _("Choose over what, or type a number."))
        return cleaned

    def _number(self, typed: str) -> Place | None:
        number = profile.current().numbers.clean(typed) or typed.strip()
        lines = Subscriber.objects.within(self.seat).exclude(status=Subscriber.Status.TERMINATED)
        found = lines.select_related("account__contract__client").filter(number=number).first()
        if found is None:
            self.add_error("number", _("There is no such number."))
            return None
        return places.of_number(found)

    def _over(self, chosen: str) -> Place | None:
        kind, _dash, key = chosen.partition("-")
        if kind == ACCOUNT:
            accounts = Account.objects.within(self.seat).select_related("contract__client")
            return next((places.of_account(account) for account in accounts.filter(pk=int(key))), None)
        if kind == FOLDER:
            folders = Folder.objects.within(self.seat).select_related("client")
            return next((places.of_folder(folder) for folder in folders.filter(pk=int(key))), None)
        return places.of_client(self.seat.client) if self.seat.client else None

    @property
    def right_asked(self) -> Right:
        return Right(self.cleaned_data["right"])

    @property
    def folder_asked(self) -> int | None:
        """The folder that the answer is about, if it is one."""
        kind, _dash, key = str(self.cleaned_data.get("over", "")).partition("-")
        return int(key) if kind == FOLDER and not self.cleaned_data.get("number") else None
