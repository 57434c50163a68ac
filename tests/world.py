"""The world in which the table of addresses holds (tests/addresses_of/): a few bodies, people, one of everything."""

from types import SimpleNamespace

from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone

from core.dates import today
from core.links import token_for, withdraw
from core.mailkinds import MailClass
from core.models import Batch, Bounce, MailState, OutgoingMail
from declarations import applying, reviewing
from declarations.models import ApplicationState, Criterion, Review, SigningRound
from mailings.access import SETTINGS
from mailings.models import EnclosedFile, Subscriber
from mailings.models.files import CALENDAR
from meetings import actions as places_actions
from meetings import documenting, summit_answering, summit_inviting
from meetings.models import BriefingPaper, CalendarLink, Invitation
from members.models import Confirmation, Hint, ImportKind, ImportRun, Municipality
from members.noting import write_note
from netzwerk.actions import report_barrier, save_page
from netzwerk.models import PageKey, TextPage
from tests.declaration_factories import DeclarationFactory, SignatureFactory, SigningCopyFactory
from tests.factories import (
    AgendaItemFactory,
    ApplicationFactory,
    ContactPersonFactory,
    HeadFactory,
    MeetingFactory,
    MembershipFactory,
    MunicipalityFactory,
    OuterOfficeFactory,
    PersonFactory,
    ProfileFactory,
    ProfilePictureFactory,
    SpokespersonTermFactory,
    TopicFactory,
    UserFactory,
)
from tests.mailing_factories import MailingFactory
from tests.meetings.documented import add_photo, add_slides, documented, published
from tests.passkeys import Device
from users.models import AccessInvitation

# In the order of the table's columns. The stranger is a contact person of another body.
PERSONAS = ("visitor", "contact", "colleague", "stranger", "office", "chancellery", "administrator")


class World:
    """One body with a profile and two contact persons, another one, a non-member, and the staff."""

    def __init__(self):
        self.member = self._body("Schloß Holte-Stukenbrock")
        self.member_type = ContentType.objects.get_for_model(self.member)
        self.membership = self.member.memberships.first() or MembershipFactory(municipality=self.member)
        self.non_member = self._body("Wettringen")
        self.topic = TopicFactory(name="Ehrenamtskarte")
        self.profile = ProfileFactory(municipality=self.member)
        self.profile.topics.add(self.topic)
        self.picture = ProfilePictureFactory(municipality=self.member)
        self.profile.picture = self.picture
        self.profile.save()
        self.contact_person = ContactPersonFactory(municipality=self.member)
        self.head = HeadFactory(municipality=self.member)
        self.outer_office = OuterOfficeFactory(municipality=self.member)
        self.spokesperson = SpokespersonTermFactory(person=self.contact_person.person, municipality=self.member)
        self.users = {
            "visitor": None,
            "contact": self.contact_person.person.user,
            "colleague": ContactPersonFactory(municipality=self.member).person.user,
            "stranger": ContactPersonFactory().person.user,
            "office": self._employee(staff=True),
            "chancellery": self._employee(chancellery=True),
            "administrator": self._employee(administrator=True),
        }
        self.passkey = Device().belong_to(self.users["contact"])
        self.note = write_note(
            self.member,
            text="Rückruf versprochen.",
            person=self.contact_person.person,
            follow_up_on=today(),
            by=self.users["office"],
        )
        self._mails()
        self.page = TextPage.objects.get_or_create(key=PageKey.JOIN)[0]
        save_page(self.page, title="Mitmachen", text="Wir freuen uns auf Sie.")
        self.report = report_barrier(what="Die Karte lässt sich nicht vorlesen.", where="/kommunen/")
        self.runs = {name: self._import(name) for name in ("columns", "bodies", "report", "done")}
        self._questions()
        self._joining()
        self._meetings()
        self._mailings()

    def _mails(self) -> None:
        self.mail = OutgoingMail.objects.create(
            kind="users.access_invitation",
            mail_class=MailClass.ACCESS,
            to_address="rosa@stadt.example",
            recipient_key="person:1",
            state=MailState.SENT,
            subject="Ihr Zugang",
            text="Guten Tag",
            html='<!DOCTYPE html><html lang="de"><head><title>Ihr Zugang</title></head><body>Guten Tag</body></html>',
        )
        self.bounce = Bounce.objects.create(mail=self.mail, address="rosa@stadt.example", points=Bounce.HARD)
        self.batch = Batch.objects.create(title="Einladung", kind="users.access_invitation", held_until=timezone.now())

    def _questions(self) -> None:
        """What the member is asked and told, by visitors and by the portal."""
        self.hint = Hint.objects.create(municipality=self.member, text="Die Nummer stimmt nicht mehr.")
        self.confirmation = Confirmation.objects.create(contact=self.contact_person)
        self.declaration = DeclarationFactory()
        self.signature = SignatureFactory(declaration=self.declaration, municipality=self.member, scanned=True)
        self.signed = SignatureFactory(declaration=self.declaration, checked=True)
        self.copy = SigningCopyFactory(declaration=self.declaration, municipality=self.non_member)
        self.round = SigningRound.objects.create(
            title="Spitzentreffen 2030", declaration=self.declaration, held_on=today(), place="Düsseldorf"
        )
        self.entry = self.round.entries.create(copy=SigningCopyFactory(declaration=self.declaration), place=1)
        self.invitation = AccessInvitation.objects.create(user=self.users["contact"])

    def _joining(self) -> None:
        """Bodies on their way into the network: one asks, one fills in, one has handed in and has a question."""
        self.application = ApplicationFactory(municipality=self._body("Ahaus"), filled=True)
        self.candidacy = self.application.municipality.candidacy()
        self.interest = ApplicationFactory(municipality=self._body("Alpen"), state=ApplicationState.REQUESTED)
        self.submitted = ApplicationFactory(municipality=self._body("Anröchte"), filled=True)
        applying.submit(self.submitted.applicants.get())
        self.forwarded = ApplicationFactory(municipality=self._body("Ascheberg"), filled=True)
        applying.submit(self.forwarded.applicants.get())
        reviewing.forward(self.forwarded, by=self.users["office"])
        self.accepted = ApplicationFactory(municipality=self._body("Augustdorf"), filled=True)
        applying.submit(self.accepted.applicants.get())
        reviewing.forward(self.accepted, by=self.users["office"])
        reviewing.accept(self.accepted, by=self.users["chancellery"])
        query = {"review": Review.QUERY, "comment": "Ab wann?", "reviewed_at": timezone.now()}
        self.submitted.answers.filter(criterion=Criterion.THANKS).update(**query)

    def _meetings(self) -> None:
        """An open workshop of today with a programme and a list, a draft, and what hangs on them."""
        self.meeting = MeetingFactory(title="Engagement im ländlichen Raum", online=True, seats_on_site=1)
        self.draft = MeetingFactory(state="draft", copied_from=self.meeting)
        self.item = AgendaItemFactory(meeting=self.meeting, choice_round=1)
        AgendaItemFactory(meeting=self.meeting, choice_round=1, title="Nachwuchs gewinnen")
        person = self.contact_person.person
        wish = places_actions.Details(food="vegetarisch", topic_wish="Wie fangen wir an?")
        self.registration = places_actions.register(
            self.meeting, person=person, mode="on_site", municipality=self.member, details=wish
        )
        self.waiting = places_actions.register(self.meeting, person=PersonFactory(), mode="on_site")
        self.guest = places_actions.register_guest(
            self.meeting, person=PersonFactory.build(last_name="Gast", email="gast@verein.example"), mode="on_site"
        )
        self.invited = Invitation.objects.create(meeting=self.meeting, person=PersonFactory(), municipality=self.member)
        self.own_invitation = Invitation.objects.create(meeting=MeetingFactory(), person=person)
        self.calendar = CalendarLink.objects.create(person=person)
        self._documentation()
        self._summit()

    def _summit(self) -> None:
        """A summit to which the member's head is invited, her outer office in copy; she comes, and there is a paper."""
        self.summit = MeetingFactory(summit=True, title="Kommunales Spitzentreffen")
        self.summit_draft = MeetingFactory(summit=True, state="draft")
        [self.to_head], _ = summit_inviting.invite(self.summit, [self.head.pk], by=self.users["office"])
        self.to_door = self.to_head.copies.get()
        said = summit_answering.Said("comes", topic_wish="Was trägt das Ehrenamt?")
        self.reply = summit_answering.answer(self.to_head, said, by=None, way="phone")
        self.paper = BriefingPaper.objects.create(
            meeting=self.summit, title="Tagesordnung", size=9, file=ContentFile(b"%PDF-1.7\n", "t.pdf")
        )

    def _documentation(self) -> None:
        """A published documentation of a past meeting with photo, slides and an agreement, and one just begun."""
        office = self.users["office"]
        self.past = documented(office)
        self.photo = add_photo(self.past)
        self.slides = add_slides(self.past)
        self.agreement = documenting.agree(self.past, {"text": "Leitfaden schreiben", "who": "Rheine", "due_on": None})
        published(office, self.past)
        self.build = self.past.documentation.builds.first()
        self.unfinished = documented(office)
        add_photo(self.unfinished, alt="", credit="", consent="open")

    def _mailings(self) -> None:
        """A mailing in each of its states, two in the archive, and who may unsubscribe."""
        who = {"author": self.users["office"]}
        self.mailings = {
            "draft": MailingFactory(**who),
            "invitation": MailingFactory(**who, invites_to=self.meeting, archive="nobody"),
            "submitted": MailingFactory(**who, submitted=True),
            "planned": MailingFactory(**who, planned=True),
            "sent": MailingFactory(**who, sent=True, archive="nobody"),
            "archived": MailingFactory(**who, sent=True, batch__held_until=timezone.now(), archive="members"),
            "public": MailingFactory(**who, sent=True, batch__held_until=timezone.now(), archive="public"),
        }
        for name in ("draft", "archived", "public"):
            enclosed = EnclosedFile(mailing=self.mailings[name], name="Termin.ics", content_type=CALENDAR, size=9)
            enclosed.file.save("Termin.ics", ContentFile(b"BEGIN:VCALENDAR"))
        self.subscriber = Subscriber.objects.create(person=self.contact_person.person)
        # As after a new address.
        self.former_settings = token_for(self.subscriber, SETTINGS)
        withdraw(Subscriber.objects.all())
        self.subscriber.refresh_from_db()
        self.own_mail = OutgoingMail.objects.create(
            kind="meetings.registered",
            mail_class=MailClass.BUSINESS,
            to_address=self.contact_person.person.email,
            recipient_key=self.contact_person.person.key,
            state=MailState.SENT,
            settled_at=timezone.now(),
            subject="Sie haben einen Platz",
            text="Guten Tag",
        )

    @staticmethod
    def _body(name: str) -> Municipality:
        """The body of the register if it is loaded, else one of that name."""
        return Municipality.objects.filter(name=name).first() or MunicipalityFactory(name=name)

    @staticmethod
    def _import(step: str) -> ImportRun:
        """A list of contacts at one of its steps."""
        run = ImportRun(kind=ImportKind.CONTACTS, file_name="Kontakte.xlsx", headings=["Kommune", "Name", "Mail"])
        body = "Musterhausen am Deich" if step == "bodies" else "Wettringen"
        run.rows = [[2, [body, "Rosa Beispiel", "rosa@wettringen.example"]], [3, [body, "Rudi Muster", "rudi@"]]]
        run.columns = None if step == "columns" else {"body": 0, "full_name": 1, "email": 2}
        if step == "done":
            run.imported_at, run.counts, run.rows = timezone.now(), {"neu": 1}, []
            run.person_ids = [ContactPersonFactory(person__user=None).person_id]
        run.save()
        return run

    @staticmethod
    def _employee(**traits):
        user = UserFactory(**traits)
        RecoveryCodes.activate(user).mark_as_viewed()
        PersonFactory(user=user, email=user.email)
        return user


def sign_in(client: Client, user) -> None:
    """Sign a person in as if she had just shown her second factor, so that no page asks for it again."""
    client.force_login(user)
    session = client.session
    record_authentication(SimpleNamespace(session=session), user, "mfa", type="totp", reauthenticated=True)
    session.save()
