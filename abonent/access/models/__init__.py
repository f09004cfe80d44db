from abonent.access.models.addresses import ProvenAddress
from abonent.access.models.invitations import Invitation
from abonent.access.models.people import Identifier, Person
from abonent.access.models.roles import Role
from abonent.access.models.seats import Seat, SeatTarget
from abonent.access.models.sessions import Bound, LoginCode, LoginSession

__all__ = [
    "Bound",
    "Identifier",
    "Invitation",
    "LoginCode",
    "LoginSession",
    "Person",
    "ProvenAddress",
    "Role",
    "Seat",
    "SeatTarget",
]
