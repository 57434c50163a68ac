from mailings.models.audience import Audience, Group, Signing
from mailings.models.mailings import Archive, Mailing, MailingState
from mailings.models.subscriptions import OptOut, Rubric, Subscriber

__all__ = [
    "Archive",
    "Audience",
    "Group",
    "Mailing",
    "MailingState",
    "OptOut",
    "Rubric",
    "Signing",
    "Subscriber",
]
