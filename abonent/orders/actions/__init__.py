"""Every action that can be ordered: a new one is a file of its own and a line here."""

from abonent.orders.actions.action import Action
from abonent.orders.actions.connect_service import ConnectService
from abonent.orders.actions.disconnect_service import DisconnectService

ACTIONS: dict[str, type[Action]] = {
    "connect_service": ConnectService,
    "disconnect_service": DisconnectService,
}
