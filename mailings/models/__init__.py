from mailings.models.audience import Audience, Group, Signing
from mailings.models.files import EnclosedFile
from mailings.models.mailings import Archive, Mailing, MailingState
from mailings.models.subscriptions import OptOut, Rubric, Subscriber

__all__ = [
    "Archive",
    "Audience",
    "EnclosedFile",
    "Group",
    "Mailing",
    "MailingState",
    "OptOut",
    "Rubric",
    "Signing",
    "Subscriber",
]
