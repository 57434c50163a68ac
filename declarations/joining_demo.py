"""Demonstration of the way in: real bodies that are no members, with applications that are visibly made up."""

from core.dates import today
from declarations import applying, reviewing
from declarations.models import Applicant, Application, Criterion
from declarations.models.criteria import PERSONS, RESOLUTION, SIGNATORY
from members import candidacies
from members.models import Candidacy, Municipality
from users.models import User
from users.roles import Office

_TEXTS = {
    Criterion.RESPONSIBLE: "Beispiel: Die Stelle Ehrenamt gehört zum Büro der Bürgermeisterin und hat zwei Personen.",
    Criterion.SHARED: "Beispiel: Sport, Kultur, Jugend und Feuerwehr treffen sich jedes Vierteljahr mit der Stelle "
    "Ehrenamt. Ein gemeinsamer Kalender zeigt, wer was plant.",
    Criterion.DECLARATION: "Beispiel: Die Bürgermeisterin hat zugestimmt, der Rat hat einstimmig beschlossen.",
    Criterion.THANKS: "Beispiel: Die Ehrenamtskarte soll nächstes Jahr kommen. Bis dahin danken wir mit einem Abend.",
    Criterion.LASTING: "Beispiel: Wir kommen zu den Treffen und zeigen gern, wie unser Ehrenamtslotse arbeitet.",
}
_QUESTION = "Beispiel: Ab welchem Monat soll es die Ehrenamtskarte bei Ihnen geben?"


def fill(by: User) -> None:
    """Make up one body at each step of the way; bodies that have begun already stay as they are."""
    _interested("metelen")
    if application := _begun("ahaus", "Anna", "Probe"):
        _answer(application, Criterion.RESPONSIBLE, Criterion.SHARED)
    if application := _submitted("ochtrup", "Olga", "Beispiel"):
        card = application.answers.get(criterion=Criterion.THANKS)
        reviewing.query(card, comment=_QUESTION, seen=card.history.first().pk, by=by)
    if application := _submitted("wettringen", "Wanda", "Muster"):
        reviewing.forward(application, by=by)
    if application := _submitted("neuenkirchen", "Nora", "Probe"):
        reviewing.forward(application, by=by)
        decider = User.objects.filter(office=Office.CHANCELLERY).first() or by
        reviewing.accept(application, reason="Beispiel: Alle fünf Voraussetzungen sind erfüllt.", by=decider)


def _interested(slug: str) -> None:
    body = Municipality.objects.get(slug=slug)
    if not body.candidacies.exists():
        candidacies.save_by_hand(Candidacy(municipality=body))


def _begun(slug: str, first_name: str, last_name: str) -> Applicant | None:
    """Return who has begun the application of this body, None if there is one already or it is a member."""
    body = Municipality.objects.get(slug=slug)
    if applying.refusal(body) or body.applications.exists():
        return None
    application = applying.ask(
        body,
        name=f"{first_name} {last_name}",
        office="Ehrenamtskoordination (Beispiel)",
        email=f"{first_name}.{last_name}@{slug}.example".lower(),
        message="Beispiel: Am besten erreichen Sie mich vormittags.",
    )
    applicant = application.applicants.get()
    applying.confirm(applicant)
    return applicant


def _answer(applicant: Applicant, *criteria: Criterion) -> None:
    for criterion in criteria:
        values = {"text": _TEXTS[criterion]}
        if criterion == Criterion.THANKS:
            values["volunteer_card"] = "planned"
        applying.save(applicant, criterion, [values], [0])


def _submitted(slug: str, first_name: str, last_name: str) -> Application | None:
    applicant = _begun(slug, first_name, last_name)
    if applicant is None:
        return None
    _answer(applicant, *Criterion)
    person = {
        "first_name": first_name,
        "last_name": last_name,
        "position": "Ehrenamtskoordination (Beispiel)",
        "email": applicant.email,
        "phone": "0000 12345",
    }
    applying.save(applicant, PERSONS, [person, {}], [0, 0])
    resolution = {"resolution_on": today(), "resolution_body": "Rat (Beispiel)", "resolution_result": "einstimmig"}
    applying.save(applicant, RESOLUTION, [resolution], [0])
    signatory = {"signatory_role": "head", "signatory_name": "Ada Beispiel", "signatory_office": "Bürgermeisterin"}
    applying.save(applicant, SIGNATORY, [signatory], [0])
    applying.submit(applicant)
    return Application.objects.get(pk=applicant.application_id)
