"""Form fields and lists: label, hint and error at the field; links that keep the rest of the address."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django import forms
from django.http import HttpRequest, QueryDict
from django.template import Context, Library
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from abonent.formats.writers import WRITERS
from abonent.portal.exporting import USUAL

register = Library()


def _described_by(bound: forms.BoundField) -> str:
    ids = [f"{bound.id_for_label}-hint"] if bound.help_text else []
    ids += [f"{bound.id_for_label}-error"] if bound.errors else []
    return " ".join(ids)


@register.simple_tag
def widget(bound: forms.BoundField) -> SafeString:
    """The control itself, told which hint and error speak of it."""
    attributes: dict[str, str | bool] = {}
    if described := _described_by(bound):
        attributes["aria-describedby"] = described
    if bound.errors:
        attributes["aria-invalid"] = "true"
    return bound.as_widget(attrs=attributes)


@register.simple_tag
def wanted(bound: forms.BoundField) -> SafeString:
    """The control of a form that is filled step by step: what was not chosen yet is no mistake."""
    if bound.value():
        return widget(bound)
    # Django marks whatever has an error, and asks nobody.
    return SafeString(bound.as_widget().replace(' aria-invalid="true"', ""))


@register.inclusion_tag("components/field.html")
def field(bound: forms.BoundField) -> dict[str, object]:
    """Label, control, hint and error of one field of a form."""
    inner = bound.field.widget
    single_check = isinstance(inner, forms.CheckboxInput)
    group = isinstance(inner, forms.RadioSelect | forms.CheckboxSelectMultiple)
    dropped = isinstance(inner, forms.FileInput)
    return {"field": bound, "single_check": single_check, "group": group, "dropped": dropped}


@register.inclusion_tag("components/form_errors.html")
def form_errors(form: forms.BaseForm) -> dict[str, object]:
    """What is wrong with a form, each line a link to its field."""
    return {"form": form, "wrong": [bound for bound in form if bound.errors]}


def _request(context: Context) -> HttpRequest:
    request = context["request"]
    if not isinstance(request, HttpRequest):
        raise TypeError("lists need the request in their context")
    return request


def _address(query: QueryDict, **changes: str) -> str:
    changed = query.copy()
    changed.pop("after", None)
    changed.pop("before", None)
    changed.pop("page", None)
    for name, value in changes.items():
        changed[name] = value
    return f"?{urlencode([(name, value) for name, values in changed.lists() for value in values if value])}"


@dataclass(frozen=True, slots=True)
class SortLink:
    label: str
    url: str
    direction: str
    numeric: bool


@register.inclusion_tag("components/sort_header.html", takes_context=True)
def sort_header(context: Context, key: str, label: str, numeric: str = "") -> dict[str, SortLink]:
    """A column head that sorts by `?sort=key`, a second time by `?sort=-key`."""
    query = _request(context).GET
    now = query.get("sort", "")
    direction = {key: "ascending", f"-{key}": "descending"}.get(now, "")
    wanted = f"-{key}" if now == key else key
    return {"sort": SortLink(label, _address(query, sort=wanted), direction, bool(numeric))}


@register.simple_tag(takes_context=True)
def address(context: Context, **changes: str) -> str:
    """The address of this list with other parameters (an empty one is dropped); the page starts anew."""
    return _address(_request(context).GET, **{name: str(value) for name, value in changes.items()})


@dataclass(frozen=True, slots=True)
class FileLink:
    label: str
    url: str


@register.inclusion_tag("components/download.html", takes_context=True)
def download(context: Context, url: str, label: str = "", *, follows: bool = False) -> dict[str, object]:
    """«Скачать в Excel», and the other formats, of the rows that the address of the page narrows.

    With `follows`, a search in place changes the links too.
    """
    query = _request(context).GET
    others = [FileLink(one.label, url + _address(query, format=key)) for key, one in WRITERS.items() if key != USUAL]
    # Translators: «Скачать в Excel»
    title = label or _("Download as Excel")
    return {
        "label": title,
        "url": (url + _address(query, format="")).removesuffix("?"),
        "others": others,
        "follows": follows,
    }
