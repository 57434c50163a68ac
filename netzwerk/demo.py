"""What the portal's own pages show in the demonstration."""

from core.access import mail_text_for
from core.actions import change_mail_text
from core.mailtexts import Wording
from users.models import User

_WELCOME = Wording(
    "Willkommen im Kommunen-Netzwerk",
    "Guten Tag {name},\n\nschön, dass Sie dabei sind: Sie sind jetzt {aufgabe} für {kommune}.",
    "Fragen? Rufen Sie uns an: Wir sind montags bis donnerstags von 9 bis 15 Uhr erreichbar.",
)


def fill(*, by: User) -> None:
    """Give one automatic mail words of the office's own."""
    change_mail_text(mail_text_for("members.function_received", to_change=True), _WELCOME, is_off=False, by=by)
