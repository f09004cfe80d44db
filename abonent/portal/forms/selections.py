"""What is sent about the current selection (V2)."""

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from abonent.hierarchy.nodes import Kind, Ref
from abonent.hierarchy.selection import Wanted
from abonent.portal.filters import MAX_QUERY

# A form names at most so many nodes, and statements so many ids: more is a mistake, or malice.
MOST_NODES = 10_000


class NamingForm(forms.Form):
    """A name for a selection; whether it is free is said by the selection itself."""

    use_required_attribute = False
    name = forms.CharField(label=_("Name"), max_length=80, error_messages={"required": _("Give the selection a name.")})


def refs_in(data: QueryDict) -> tuple[Ref, ...]:
    """The nodes that a form names in `nodes`, each once; what names none is passed over."""
    texts = data.get("nodes", "").split(",")[:MOST_NODES]
    return tuple(dict.fromkeys(ref for text in texts if (ref := Ref.parse(text.strip()))))


def wanted_to_add(data: QueryDict) -> Wanted:
    """Nodes of the tree, or (`all`) everything that fits its filter `find`."""
    if not data.get("all"):
        return Wanted(refs_in(data))
    text = data.get("find", "").strip()[:MAX_QUERY]
    return Wanted(fitting=lambda found: found.matching(text))


def picked_refs(data: QueryDict) -> tuple[Ref, ...]:
    """Lines ticked on this page and on others, besides the nodes."""
    texts = [*data.getlist("pick"), *data.get("picked", "").split(",")][:MOST_NODES]
    numbers = (ref for text in texts if (ref := Ref.parse(f"{Kind.NUMBER}:{text}")))
    return (*refs_in(data), *dict.fromkeys(numbers))
