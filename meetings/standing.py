"""How a meeting stands for the person who looks at it: the first line of its page, and the one thing to do."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.http import urlencode

from core.dates import long_date
from meetings import places
from meetings.models import Meeting, MeetingState, Registration, RegistrationState


@dataclass(frozen=True)
class Standing:
    """variant, state, text, url, link: as templates/components/status_line.html takes them. short: for lists."""

    variant: str
    state: str
    text: str = ""
    url: str = ""
    link: str = ""
    short: str = ""


def standing(meeting: Meeting, registration: Registration | None, *, inside: bool) -> Standing:
    """Return how it stands. registration: her own, if there is one; inside: whether she may register at all."""
    own = of_registration(registration) if registration else None
    if meeting.is_cancelled:
        return Standing("warning", "Dieser Termin fällt aus.", meeting.cancel_reason, short="fällt aus")
    if meeting.state == MeetingState.DRAFT:
        return Standing("neutral", "Entwurf", "Nur Mitarbeitende sehen diese Seite.", short="Entwurf")
    if own is not None and not (registration.is_cancelled and meeting.takes_more):
        return own
    if meeting.is_over:
        return Standing("neutral", "Dieser Termin ist vorbei.")
    if not inside:
        return _for_others(meeting)
    return _open(meeting)


def _for_others(meeting: Meeting) -> Standing:
    url = f"{reverse('account_login')}?{urlencode({'next': meeting.get_absolute_url()})}"
    text = "Programm und Anmeldung sehen Ansprechpersonen der Mitglieder, sobald sie angemeldet sind."
    return Standing("neutral", "Für Mitglieder des Netzwerks", text, url, "Im Portal anmelden")


def _open(meeting: Meeting) -> Standing:
    if meeting.is_summit:
        return Standing("neutral", "Zu diesem Treffen wird eingeladen.", "Geantwortet wird über ihren Link.")
    if not meeting.takes_registrations:
        return Standing("neutral", "Für diesen Termin ist keine Anmeldung im Portal nötig.")
    if not meeting.takes_more:
        closed = meeting.register_until if not meeting.has_begun else None
        state = f"Der Anmeldeschluss war am {long_date(closed)}." if closed else "Dieser Termin hat begonnen."
        return Standing("neutral", state)
    url = reverse("register", args=[meeting.year, meeting.slug])
    lines = places.lines(meeting)
    until = f"Anmeldeschluss ist am {long_date(meeting.register_until)}." if meeting.register_until else ""
    if places.are_full(lines):
        waiting = sum(line.waiting for line in lines)
        text = f"Auf der Warteliste stehen {waiting} Personen." if waiting > 1 else "Sie kommen auf die Warteliste."
        return Standing("warning", "Alle Plätze sind vergeben.", f"{text} {until}".strip(), url, "Zur Warteliste")
    return Standing("neutral", _free(lines), until, url, "Zur Anmeldung")


def _free(lines: list[places.Line]) -> str:
    """In a sentence what is left; only of modes with a limit."""
    parts = [
        f"{line.label} {'kein Platz' if not line.free else _counted(line.free)} frei"
        if len(lines) > 1
        else f"Noch {_counted(line.free)} frei"
        for line in lines
        if line.free is not None
    ]
    text = ", ".join(parts)
    return f"{text[:1].upper()}{text[1:]}." if text else "Die Anmeldung ist offen."


def _counted(number: int) -> str:
    return "1 Platz" if number == 1 else f"{number} Plätze"


def of_registration(registration: Registration) -> Standing:
    """Return how it stands for somebody who is or was in the list."""
    meeting = registration.meeting
    how = registration.get_mode_display()
    url = reverse("own_registration", args=[registration.pk])
    if meeting.is_over and registration.state != RegistrationState.CANCELLED:
        state = "Sie waren dabei." if registration.was_present else "Dieser Termin ist vorbei."
        return Standing("success" if registration.was_present else "neutral", state, "", url, "Ihre Anmeldung")
    match registration.state:
        case RegistrationState.REGISTERED:
            given = ", ".join(item.title for item in registration.given_items)
            text = f"Teilnahme {how}{f', {given}' if given else ''}."
            return Standing("success", "Sie sind angemeldet.", text, url, "Ändern oder absagen", "angemeldet")
        case RegistrationState.WAITING:
            line = f"Platz {registration.place_in_line} auf der Warteliste"
            text = "Sie bekommen eine E-Mail, sobald Sie einen Platz haben."
            return Standing("neutral", f"{line} ({how}).", text, url, "Ändern oder absagen", line)
        case RegistrationState.OFFERED:
            until = date_format(registration.offered_until, "j. F, H:i")
            text = f"Er ist bis {until} Uhr für Sie reserviert."
            return Standing(
                "warning",
                "Ein Platz ist für Sie frei geworden.",
                text,
                url,
                "Annehmen oder ablehnen",
                "Platz angeboten",
            )
        case RegistrationState.UNCONFIRMED:
            text = "Öffnen Sie den Link in der E-Mail, die wir Ihnen geschickt haben."
            return Standing("warning", "Bestätigen Sie noch Ihre Anmeldung.", text, short="noch zu bestätigen")
    # By herself, by the office, or because an offer lapsed: the sentence holds for all three.
    return Standing("neutral", "Sie nehmen nicht teil.", short="nicht dabei")
