"""Two people at the same instant at one application: one wins, the other is told, nothing is half done."""

import pytest

from core.models import OutgoingMail
from declarations import applying, reviewing
from declarations.models import Application, ApplicationState, Criterion
from tests.declaration_factories import DeclarationFactory
from tests.factories import ApplicationFactory, MunicipalityFactory
from tests.members.test_races import at_once, refused

pytestmark = pytest.mark.django_db(transaction=True)
S = ApplicationState


@pytest.fixture
def full(db):
    return ApplicationFactory(municipality=MunicipalityFactory(name="Wettringen"), filled=True)


def sent(name):
    return OutgoingMail.objects.filter(kind=f"declarations.application_{name}").count()


def test_of_two_who_decide_one_wins(full, office, chancellery):
    DeclarationFactory()
    applying.submit(full.applicants.get())
    reviewing.forward(full, by=office)
    results = at_once(
        lambda: reviewing.accept(full, by=chancellery), lambda: reviewing.refuse(full, reason="Nein.", by=office)
    )
    full.refresh_from_db()
    assert len(refused(results)) == 1
    assert "entschieden" in refused(results)[0].messages[0]
    assert (full.state, bool(sent("accepted")), bool(sent("refused"))) in [
        (S.ACCEPTED, True, False),
        (S.REFUSED, False, True),
    ]
    assert full.municipality.contacts.count() == (1 if full.state == S.ACCEPTED else 0)


def test_of_two_who_begin_for_one_body_one_begins(db):
    body = MunicipalityFactory(name="Wettringen")
    persons = [{"name": name, "office": "Amt", "email": f"{name}@stadt.example".lower()} for name in ("Wanda", "Willi")]
    applicants = [applying.ask(body, **person).applicants.get() for person in persons]
    results = at_once(*(lambda applicant=applicant: applying.confirm(applicant) for applicant in applicants))
    assert len(refused(results)) == 1
    assert "läuft schon ein Antrag" in refused(results)[0].messages[0]
    assert Application.objects.open().count() == 1
    assert body.candidacies.count() == 1


def test_of_two_who_write_one_is_told_and_no_word_is_lost(full):
    colleague = applying.share(full.applicants.get(), name="Willi Muster", email="willi@stadt.example")
    seen = [full.answers.get(criterion=Criterion.SHARED).history.first().pk]
    writers = {"Wanda": full.applicants.first(), "Willi": colleague}
    results = at_once(
        *(
            lambda name=name, who=who: applying.save(who, Criterion.SHARED, [{"text": f"Von {name}."}], seen)
            for name, who in writers.items()
        )
    )
    (told,) = refused(results)
    kept = full.answers.get(criterion=Criterion.SHARED).text
    assert kept in ("Von Wanda.", "Von Willi.")
    assert told.news.changes[0].new == kept


def test_pressed_twice_it_is_handed_in_once(full):
    applicant = full.applicants.get()
    results = at_once(lambda: applying.submit(applicant), lambda: applying.submit(applicant))
    assert len(refused(results)) == 1
    assert sent("received") == 1
