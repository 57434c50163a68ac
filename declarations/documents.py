"""The PDF files of the declaration: what a body signs, what a round prints, what a member hangs on the wall."""

from core import markdown, pdf
from declarations.models import Signature, SigningCopy, SigningRound


def signing_copy(copy: SigningCopy) -> bytes:
    """Return the declaration as this signatory gets it, with lines to sign. Errors as in `core.pdf.render`."""
    return _copies([copy], None)


def round_print(signing_round: SigningRound) -> bytes:
    """Return one file to print for a round: the running order, then each body's copy on pages of its own."""
    entries = signing_round.entries.select_related("copy__declaration", "copy__municipality")
    copies = [entry.copy for entry in entries]
    return _copies(copies, signing_round)


def _copies(copies: list[SigningCopy], signing_round: SigningRound | None) -> bytes:
    text = markdown.render(copies[0].declaration.text)
    context = {"copies": copies, "text": text, "round": signing_round}
    return pdf.from_template("declarations/pdf/copy.html", context)


def certificate(signature: Signature) -> bytes:
    """Return the certificate ("Urkunde") of a checked signature, in the name that the body bore when it signed."""
    return pdf.from_template("declarations/pdf/certificate.html", {"signature": signature})
