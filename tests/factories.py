"""Factories of the test data. Demonstration data never uses them; it calls the apps' actions."""

import datetime

import factory
from allauth.mfa.totp.internal.auth import TOTP
from django.core.files.base import ContentFile
from django.utils import timezone
from factory.django import DjangoModelFactory

from core.dates import Precision, today
from core.pictures import read_picture
from declarations.models import Answer, Applicant, Application, ApplicationState, Criterion, Nominee
from meetings.models import AgendaItem, Audience, Meeting, MeetingKind, MeetingState, Venue
from members import candidacies
from members.models import (
    CandidacyStage,
    ContactPerson,
    HeadOfAdministration,
    Kind,
    Membership,
    Municipality,
    OuterOffice,
    Person,
    Profile,
    ProfilePicture,
    SpokespersonTerm,
    Topic,
    VolunteerCard,
)
from tests.pictures import picture
from users.models import User
from users.roles import Office

TOTP_SECRET = "JBSWY3DPEHPK3PXP"


class MeetingFactory(DjangoModelFactory):
    """An announced workshop in ten days, on site, for everybody."""

    kind = MeetingKind.WORKSHOP
    title = factory.Sequence(lambda n: f"Workshop {n}")
    day = factory.LazyFunction(lambda: today() + datetime.timedelta(days=10))
    begin_time = datetime.time(10)
    end_time = datetime.time(16)
    state = MeetingState.ANNOUNCED
    announced_at = factory.LazyFunction(timezone.now)
    place = "Bürgerhaus"
    town = "00000 Musterstadt"

    class Meta:
        model = Meeting

    class Params:
        online = factory.Trait(venue=Venue.HYBRID, online_link="https://treffen.example/raum")
        network = factory.Trait(kind=MeetingKind.NETWORK, audience=Audience.MEMBERS)
        summit = factory.Trait(
            kind=MeetingKind.SUMMIT,
            audience=Audience.INVITED,
            title="Kommunales Spitzentreffen",
            register_until=factory.LazyFunction(lambda: today() + datetime.timedelta(days=5)),
        )


class AgendaItemFactory(DjangoModelFactory):
    meeting = factory.SubFactory(MeetingFactory)
    begin_time = datetime.time(11)
    end_time = datetime.time(12)
    title = "Freiwillige finden"

    class Meta:
        model = AgendaItem


class UserFactory(DjangoModelFactory):
    """An account of a contact person; `staff=True` works in the Geschäftsstelle and has a second factor."""

    email = factory.Sequence(lambda n: f"person{n}@stadt.example")

    class Meta:
        model = User
        skip_postgeneration_save = True

    class Params:
        staff = factory.Trait(office=Office.SECRETARIAT)
        chancellery = factory.Trait(office=Office.CHANCELLERY)
        administrator = factory.Trait(is_administrator=True)

    @factory.post_generation
    def second_factor(self, create, extracted, **kwargs):
        if create and self.is_staff and extracted is not False:
            TOTP.activate(self, TOTP_SECRET)


class MunicipalityFactory(DjangoModelFactory):
    ags = factory.Sequence(lambda n: f"05{n:06d}")
    name = factory.Sequence(lambda n: f"Musterstadt {n}")
    kind = Kind.TOWN
    regierungsbezirk = "Münster"

    class Meta:
        model = Municipality
        skip_postgeneration_save = True

    class Params:
        member = factory.Trait(membership=factory.RelatedFactory("tests.factories.MembershipFactory", "municipality"))


class MembershipFactory(DjangoModelFactory):
    municipality = factory.SubFactory(MunicipalityFactory)
    started_on = datetime.date(2012, 12, 1)
    precision = Precision.MONTH

    class Meta:
        model = Membership


class PersonFactory(DjangoModelFactory):
    first_name = "Rosa"
    last_name = factory.Sequence(lambda n: f"Beispiel{n}")
    email = factory.Sequence(lambda n: f"rosa{n}@stadt.example")
    phone = "0251 12345"

    class Meta:
        model = Person

    class Params:
        account = factory.Trait(user=factory.SubFactory(UserFactory, email=factory.SelfAttribute("..email")))


class ContactPersonFactory(DjangoModelFactory):
    person = factory.SubFactory(PersonFactory, account=True)
    municipality = factory.SubFactory(MunicipalityFactory, member=True)

    class Meta:
        model = ContactPerson


class HeadFactory(DjangoModelFactory):
    person = factory.SubFactory(PersonFactory, form_of_address="Frau", first_name="Ada")
    municipality = factory.SubFactory(MunicipalityFactory)
    office_title = "Bürgermeisterin"
    started_on = datetime.date(2020, 11, 1)

    class Meta:
        model = HeadOfAdministration


class OuterOfficeFactory(DjangoModelFactory):
    person = factory.SubFactory(PersonFactory)
    municipality = factory.SubFactory(MunicipalityFactory)

    class Meta:
        model = OuterOffice


class SpokespersonTermFactory(DjangoModelFactory):
    person = factory.SubFactory(PersonFactory)
    municipality = factory.SubFactory(MunicipalityFactory, member=True)
    started_on = datetime.date(2024, 1, 1)

    class Meta:
        model = SpokespersonTerm


class TopicFactory(DjangoModelFactory):
    name = factory.Sequence(lambda n: f"Thema {n}")

    class Meta:
        model = Topic


class ProfilePictureFactory(DjangoModelFactory):
    municipality = factory.SubFactory(MunicipalityFactory, member=True)
    alt = "Drei Leute pflanzen einen Baum"
    file = factory.LazyFunction(lambda: ContentFile(read_picture(picture()).data, "picture.webp"))
    width, height = 400, 300

    class Meta:
        model = ProfilePicture


class ProfileFactory(DjangoModelFactory):
    municipality = factory.SubFactory(MunicipalityFactory, member=True)
    summary = "Hier engagieren sich viele."

    class Meta:
        model = Profile


class ApplicationFactory(DjangoModelFactory):
    """An application that was begun by one person; `filled=True` could be handed in as it is."""

    municipality = factory.SubFactory(MunicipalityFactory)
    state = ApplicationState.DRAFT

    class Meta:
        model = Application
        skip_postgeneration_save = True

    @factory.post_generation
    def rows(self, create, extracted, **kwargs):
        Applicant.objects.create(application=self, name="Wanda Probe", office="Ehrenamt", email="wanda@stadt.example")
        if self.state == ApplicationState.REQUESTED:
            return  # what follows comes with the confirmation
        for criterion in Criterion:
            Answer.objects.create(application=self, criterion=criterion)
        for is_deputy in (False, True):
            Nominee.objects.create(application=self, is_deputy=is_deputy)
        candidacies.advance(self.municipality, CandidacyStage.INTERESTED)

    @factory.post_generation
    def filled(self, create, extracted, **kwargs):
        if not extracted:
            return
        self.answers.update(text="Das gibt es bei uns.")
        self.answers.filter(criterion=Criterion.THANKS).update(volunteer_card=VolunteerCard.PLANNED)
        person = {"first_name": "Wilma", "last_name": "Muster", "email": "wilma@stadt.example", "position": "Stab"}
        self.nominees.filter(is_deputy=False).update(**person)
        self.signatory_role, self.signatory_name, self.signatory_office = "head", "Ada Beispiel", "Bürgermeisterin"
        self.save()
