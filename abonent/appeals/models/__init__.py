from abonent.appeals.models.appeal import Appeal, AppealNumbers, AppealQuerySet
from abonent.appeals.models.message import AppealLetter, Attachment, Message

__all__ = ["Appeal", "AppealLetter", "AppealNumbers", "AppealQuerySet", "Attachment", "Message"]
