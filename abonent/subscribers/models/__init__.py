from abonent.subscribers.models.forwarding import Forwarding, ForwardingWish
from abonent.subscribers.models.holdings import (
    AccountHolding,
    ConnectedService,
    FolderStay,
    NameHolding,
    NumberHolding,
    PlanHolding,
    SimHolding,
    StatusHolding,
)
from abonent.subscribers.models.pool import NumberSearch, PoolNumber
from abonent.subscribers.models.sims import SimCard
from abonent.subscribers.models.subscriber import Subscriber, SubscriberQuerySet

__all__ = [
    "AccountHolding",
    "ConnectedService",
    "FolderStay",
    "Forwarding",
    "ForwardingWish",
    "NameHolding",
    "NumberHolding",
    "NumberSearch",
    "PlanHolding",
    "PoolNumber",
    "SimCard",
    "SimHolding",
    "StatusHolding",
    "Subscriber",
    "SubscriberQuerySet",
]
