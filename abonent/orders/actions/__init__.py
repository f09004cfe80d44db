"""Every action that can be ordered: a new one is a file of its own and a line here."""

from abonent.orders.actions.action import Action
from abonent.orders.actions.change_number import ChangeNumber, ChangeNumbers, GiveNumbers
from abonent.orders.actions.change_plan import ChangeOptionSet, ChangePlan
from abonent.orders.actions.change_status import Activate, Block, Terminate, Unblock
from abonent.orders.actions.connect_service import ConnectService
from abonent.orders.actions.disconnect_service import DisconnectService
from abonent.orders.actions.forwarding import Forward
from abonent.orders.actions.rename import Rename
from abonent.orders.actions.replace_sim import ReplaceSim

ACTIONS: dict[str, type[Action]] = {
    "connect_service": ConnectService,
    "disconnect_service": DisconnectService,
    "change_plan": ChangePlan,
    "change_option_set": ChangeOptionSet,
    "forwarding": Forward,
    "rename": Rename,
    "change_number": ChangeNumber,
    "change_numbers": ChangeNumbers,
    "give_numbers": GiveNumbers,
    "replace_sim": ReplaceSim,
    "activate": Activate,
    "block": Block,
    "unblock": Unblock,
    "terminate": Terminate,
}
