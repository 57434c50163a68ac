"""What an application asks: the five criteria of membership and what else is needed, once for pages, mails and PDF."""

from dataclasses import dataclass

from django.db import models


class Criterion(models.TextChoices):
    """The five conditions of membership (brochure of the network), in words of our own. The key stands in addresses."""

    RESPONSIBLE = "zustaendig", "Eine Person ist zuständig"
    SHARED = "querschnitt", "Engagement ist Sache aller Ämter"
    DECLARATION = "erklaerung", "Ja zur Gemeinsamen Erklärung"
    THANKS = "ehrenamtskarte", "Dank, der sichtbar ist"
    LASTING = "mitarbeit", "Sie bleiben dran"


# Sections beside the five cards; the key stands in addresses, too.
PERSONS, RESOLUTION, SIGNATORY = "personen", "beschluss", "unterschrift"


@dataclass(frozen=True)
class Section:
    """A step of the application: its key, title, the question, help, and what helps as evidence ("" if none does)."""

    key: str
    title: str
    question: str
    help: str
    evidence: str = ""
    optional: bool = False


SECTIONS = (
    Section(
        Criterion.RESPONSIBLE,
        Criterion.RESPONSIBLE.label,
        "Wer kümmert sich bei Ihnen um bürgerschaftliches Engagement, und wo ist diese Stelle angesiedelt?",
        "Auch eine Stelle außerhalb des Rathauses zählt, wenn sie diese Aufgabe für Sie hat.",
        "Zum Beispiel ein Organigramm oder die Seite der Anlaufstelle",
    ),
    Section(
        Criterion.SHARED,
        Criterion.SHARED.label,
        "Welche Bereiche Ihrer Verwaltung wirken beim Thema Engagement mit, und wie stimmen sie sich ab?",
        "Zum Beispiel Sport, Soziales, Kultur, Jugend, Feuerwehr. Eine Strategie ist gut, aber keine Bedingung.",
        "Zum Beispiel Leitlinien oder die Einladung zu einer gemeinsamen Runde",
    ),
    Section(
        Criterion.DECLARATION,
        Criterion.DECLARATION.label,
        "Wie kommt Ihre Kommune zu ihrem Ja, und wie weit ist sie damit?",
        "Zum Beispiel: Die Verwaltungsspitze hat zugestimmt, oder der Rat berät im März.",
        "Zum Beispiel ein Vermerk oder eine Vorlage",
    ),
    Section(
        Criterion.THANKS,
        Criterion.THANKS.label,
        "Wie ist der Stand bei der Ehrenamtskarte NRW, oder wie danken Sie sonst?",
        "Jede der drei Antworten genügt. Schreiben Sie dazu, was es gibt oder bis wann Sie es planen.",
        "Zum Beispiel der Beschluss zur Ehrenamtskarte oder das Faltblatt zu Ihrem Ehrenamtspreis",
    ),
    Section(
        Criterion.LASTING,
        Criterion.LASTING.label,
        "Wie will Ihre Kommune auf Dauer im Netzwerk mitarbeiten?",
        "Zum Beispiel: zu den Treffen kommen, ein Praxisbeispiel vorstellen, einmal Gastgeberin sein.",
    ),
    Section(
        PERSONS,
        "Ansprechperson und Vertretung",
        "Wen sollen wir einladen, informieren und anrufen?",
        "Beide bekommen mit der Mitgliedschaft einen Zugang zum Portal. Was von ihren Angaben öffentlich ist, "
        "bestimmen sie dann selbst. Die Vertretung können Sie nachreichen.",
    ),
    Section(
        RESOLUTION,
        "Beschluss",
        "Hat Ihr Rat oder Kreistag den Beitritt beschlossen?",
        "Nötig ist ein Beschluss nicht. Gibt es einen, nennen Sie ihn hier.",
        "Zum Beispiel der Auszug aus der Niederschrift",
        optional=True,
    ),
    Section(
        SIGNATORY,
        "Wer unterzeichnet",
        "Wer unterzeichnet die Gemeinsame Erklärung für Ihre Kommune?",
        "Meist die Verwaltungsspitze. Ebenso kann die allgemeine Vertretung oder jemand in Vertretung unterzeichnen. "
        "Name und Amt stehen so in der Urkunde, die wir vorbereiten.",
    ),
)
BY_KEY = {section.key: section for section in SECTIONS}
