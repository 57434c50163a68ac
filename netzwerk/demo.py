"""What the portal's own pages show in the demonstration."""

from core.access import mail_text_for
from core.actions import change_mail_text
from core.mailtexts import Wording
from declarations.models import Declaration
from meetings.models import Meeting, MeetingKind
from members.models import Person
from netzwerk import actions, forgetting, summit
from netzwerk.models import Erasure, TidyRun
from users.models import User

_WELCOME = Wording(
    "Willkommen im Kommunen-Netzwerk",
    "Guten Tag {name},\n\nschön, dass Sie dabei sind: Sie sind jetzt {aufgabe} für {kommune}.",
    "Fragen? Rufen Sie uns an: Wir sind montags bis donnerstags von 9 bis 15 Uhr erreichbar.",
)
_WANTS_TO_GO = "linus.beispiel@kreis-lippe.example"


def fill(*, by: User) -> None:
    """Give an automatic mail own words, keep the periods once, let a made-up person ask for her erasure."""
    change_mail_text(mail_text_for("members.function_received", to_change=True), _WELCOME, is_off=False, by=by)
    if not TidyRun.objects.exists():
        actions.keep_periods()
    _signing_at_the_summit()
    person = Person.objects.get(email=_WANTS_TO_GO)
    if not Erasure.objects.filter(person=person).exists():
        forgetting.request_erasure(person, by=person.user, own_wish=True)


def _signing_at_the_summit() -> None:
    """The next summit has a signing round with the body that applies and comes."""
    meeting = Meeting.objects.filter(kind=MeetingKind.SUMMIT, signing_round=None).coming().first()
    if meeting is not None and Declaration.objects.in_force() is not None:
        summit.plan_round(meeting)
        summit.fill_round(meeting)
