"""Kinds of mail that only the tests send; sender processes register them, too."""

from django.core.mail.backends.base import BaseEmailBackend
from django.core.mail.backends.locmem import EmailBackend as MemoryBackend

from core.mailkinds import Letter, MailClass, MailKind


def render(mail):
    """A letter that fails, asks or greets as the row's data say."""
    if mail.data.get("broken"):
        raise LookupError("the meeting is gone")
    subject = mail.data.get("subject", f"Nachricht an {mail.to_name}")
    return Letter(subject, mail.data.get("text", "Guten Tag.\n"), "<p>Guten Tag.</p>")


def refuse(mail):
    return mail.data.get("refused", "")


KINDS = tuple(
    MailKind(f"test.{mail_class}", f"Probe ({mail_class.label})", "im Test", "an alle", mail_class, render, refuse)
    for mail_class in MailClass
)


class BreakingBackend(BaseEmailBackend):
    def send_messages(self, email_messages):
        raise ConnectionError("the provider's interface broke off")


class SlowBackend(MemoryBackend):
    """Lets time pass while the connection is opened."""

    pass_time = None

    def open(self):
        self.pass_time()
        return True
