"""A contact list as an office keeps it: 300 persons of made-up names in real bodies, and twelve rows gone wrong."""

from tests.files import xlsx

HEADINGS = (
    "Kommune", "AGS", "Anrede", "Titel", "Vorname", "Nachname", "E-Mail", "Telefon", "Stelle", "Vertretung", "seit",
)  # fmt: skip
FIRST_NAMES = ("Änne", "Bodo", "Çiğdem", "Doris", "Emil", "Frauke", "Günter", "Hülya", "Ida", "Jörg")
LAST_NAMES = ("Beispiel", "Größe", "Muster", "Probe", "von Beispiel", "Öztürk-Muster")

# What is wrong, by the column it stands in: row of the list, heading, what was typed.
FAULTS = (
    (8, "E-Mail", "anne.beispiel@"),
    (21, "E-Mail", "bodo@stadt.example; bodo.privat@post.example"),
    (34, "Telefon", "4,92511E+11"),
    (55, "Anrede", "Familie"),
    (89, "Vertretung", "Herr Muster"),
    (101, "Nachname", ""),
    (133, "seit", "nach der Wahl"),
    (144, "Kommune", ""),
    (177, "AGS", "5998877"),
    (210, "E-Mail", "#NV"),
    (233, "seit", "2021"),
    (299, "AGS", "05315000"),
)


def rows(bodies, count=300):
    """The right rows, one after the other through the bodies."""
    made = []
    for at in range(count):
        body = bodies[at % len(bodies)]
        first, last = FIRST_NAMES[at % len(FIRST_NAMES)], LAST_NAMES[at % len(LAST_NAMES)]
        email = f"person{at + 1}@{body.slug}.example"
        deputy = "ja" if at >= len(bodies) else "nein"
        made.append([
            body.name, "", "Frau" if at % 2 else "Herr", "Dr." if at % 9 == 0 else "", first, f"{last} {at + 1}",
            email, "0251 1234", "Ehrenamtskoordination", deputy, "1.3.2024",
        ])  # fmt: skip
    return made


def with_faults(right):
    """The same rows as they were typed."""
    typed = [row.copy() for row in right]
    for number, heading, text in FAULTS:
        typed[number - 2][HEADINGS.index(heading)] = text
    return typed


def office_file(list_rows) -> bytes:
    """The list as an Excel file: a title above, the headings below it."""
    return xlsx(["Ansprechpersonen im Netzwerk, Stand November 2026"], HEADINGS, *list_rows)
