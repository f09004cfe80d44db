"""What Sergei works on: a selection kept by name, and the current one (V2)."""

from abonent.access.models import Seat
from abonent.access.rights import BuiltIn
from abonent.clients.models import Folder
from abonent.demo.people import SERGEI
from abonent.hierarchy import selection
from abonent.hierarchy.nodes import Kind, Ref
from abonent.hierarchy.selection import Wanted

# A team of the large client's tree, and the name under which its numbers are kept.
TEAM, NAME = "Водители", "Водители Минска"


def make_selections() -> None:
    """Keep the drivers under a name; they are the current selection too."""
    seat = Seat.objects.select_related("client").get(person__identifiers__value=SERGEI, role__key=BuiltIn.SUPERVISOR)
    team = Folder.objects.within(seat).get(name=TEAM)
    selection.add(seat, Wanted((Ref(Kind.FOLDER, team.pk),)))
    selection.save(seat, NAME)
