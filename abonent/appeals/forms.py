"""What is written into an appeal, with its files: the same for the client and for the operator's staff."""

import json
import uuid
from typing import BinaryIO, cast

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _

from abonent import profile
from abonent.access.models import Person
from abonent.appeals.conversation import Said
from abonent.appeals.models import Attachment
from abonent.appeals.scanning import ACCEPTED, FileRefused, Reason
from abonent.appeals.uploads import take
from abonent.files.keeping import plain_name


class SeveralFiles(forms.FileInput):
    allow_multiple_selected = True


class MessageForm(forms.Form):
    """A text and files. Files that are good are kept from the first sending on, whatever else is wrong (`attached`).

    Without a request it is empty.
    """

    # What is missing is said by the page, in its own words.
    use_required_attribute = False

    key = forms.UUIDField(required=False, widget=forms.HiddenInput)
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)
    text = forms.CharField(
        label=_("Message"),
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Write what you want to say.")},
    )
    attachments = forms.FileField(
        label=_("Files"), required=False, widget=SeveralFiles(attrs={"accept": ACCEPTED}), error_messages={"empty": ""}
    )

    def __init__(self, request: HttpRequest | None, person: Person, initial: dict[str, object] | None = None) -> None:
        sent = request is not None and request.method == "POST"
        start = {"key": uuid.uuid4(), **(initial or {})}
        super().__init__(
            request.POST if request and sent else None, request.FILES if request and sent else None, initial=start
        )
        self.person = person
        self.attached: list[Attachment] = []
        rules = profile.current().appeals
        self.fields["attachments"].help_text = _(
            "Up to %(count)d files of %(size)d MB: PDF, PNG, JPEG, TXT, CSV, XLSX, DOCX."
        ) % {"count": rules.files, "size": rules.file_mb}

    def clean_text(self) -> str:
        text = str(self.cleaned_data["text"]).replace("\r\n", "\n").replace("\r", "\n")
        most = profile.current().appeals.text_length
        if len(text) > most:
            raise forms.ValidationError(
                _("The text has %(length)d characters; %(most)d fit. Send the rest as a file."),
                params={"length": len(text), "most": most},
            )
        return text

    def clean(self) -> dict[str, object]:
        # The field itself looks at one file alone, and in its own words.
        self.errors.pop("attachments", None)
        self.attached = list(self._kept())
        for file in self._sent():
            try:
                self._take(file)
            except FileRefused as refused:
                self.add_error("attachments", refused.message())
        return self.cleaned_data

    def said(self) -> Said:
        """What a valid form says. Sent twice it has the same key; changed after going back, another one."""
        text, files = self.cleaned_data["text"], tuple(entry.pk for entry in self.attached)
        contents = [[entry.file.name, entry.file.sha256] for entry in self.attached]
        asked = json.dumps([text, contents, self.extra_content()], sort_keys=True)
        key = uuid.uuid5(self.cleaned_data.get("key") or uuid.uuid4(), asked)
        return Said(text, key, files, seen=self.cleaned_data.get("seen"))

    def has_read(self, last: int) -> None:
        """Shown again, the page has everything up to this message."""
        if isinstance(self.data, QueryDict):
            data = self.data.copy()
            data["seen"] = str(last)
            self.data = data

    def extra_content(self) -> list[str]:
        """What else makes one message differ from another."""
        return []

    def _kept(self) -> QuerySet[Attachment]:
        """Those of an earlier sending that are still ticked; of this person alone."""
        sent = self.data.getlist("kept") if isinstance(self.data, QueryDict) else []
        ids = [int(pk) for pk in sent if pk.isascii() and pk.isdigit() and len(pk) < 19]  # noqa: PLR2004  # fits
        found = Attachment.objects.pending(self.person).filter(pk__in=ids[:100]).select_related("file")
        return found[: profile.current().appeals.files]

    def _sent(self) -> "list[UploadedFile[bytes]]":
        return self.files.getlist("attachments")

    def _take(self, file: "UploadedFile[bytes]") -> None:
        name = file.name or ""
        if len(self.attached) >= profile.current().appeals.files:
            raise FileRefused(Reason.TOO_MANY, plain_name(name))
        self.attached.append(take(cast("BinaryIO", file.file), file.size or 0, name, self.person))
