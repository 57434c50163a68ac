from mailings.models.audience import Audience, Group, Signing
from mailings.models.files import EnclosedFile
from mailings.models.mailings import PASSED_ON_FOR, Archive, Mailing, MailingState
from mailings.models.passing import PassedOn
from mailings.models.subscriptions import OptOut, Rubric, Subscriber

__all__ = [
    "PASSED_ON_FOR",
    "Archive",
    "Audience",
    "EnclosedFile",
    "Group",
    "Mailing",
    "MailingState",
    "OptOut",
    "PassedOn",
    "Rubric",
    "Signing",
    "Subscriber",
]
