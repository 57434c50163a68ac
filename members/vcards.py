"""A contact as a card for address books (vCard 4.0, RFC 6350)."""

from core.text import clean_text
from members.access import VisibleContact
from members.models import Municipality

# "Lines of text SHOULD be folded to a maximum width of 75 octets" (RFC 6350, 3.2), the space that continues one counts.
_OCTETS = 75
_ESCAPED = str.maketrans({"\\": "\\\\", ",": "\\,", ";": "\\;", "\n": "\\n"})


def card(municipality: Municipality, contact: VisibleContact, *, url: str) -> str:
    """Return the card with what this reader may see; url: the page of the body."""
    last_name, first_name, title = (_text(part) for part in contact.name_parts)
    lines = [
        "BEGIN:VCARD",
        "VERSION:4.0",
        f"FN:{_text(contact.name)}",
        f"N:{last_name};{first_name};;{title};",
        f"ORG:{_text(municipality.name_in_letter)}",
        *_line("TITLE", contact.position),
        *_line("EMAIL;TYPE=work", contact.email),
        *_line("TEL;TYPE=work", contact.phone),
        f"URL:{url}",
        "END:VCARD",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _line(name: str, value: str) -> list[str]:
    return [f"{name}:{_text(value)}"] if value else []


def _text(value: str) -> str:
    return clean_text(value).translate(_ESCAPED)


def _folded(line: str) -> str:
    """Break a long line between characters, never inside one."""
    parts, length = [""], 0
    for sign in line:
        octets = len(sign.encode())
        if length + octets > _OCTETS:
            parts.append(" ")
            length = 1
        parts[-1] += sign
        length += octets
    return "\r\n".join(parts)
