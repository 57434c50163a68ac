"""Every address of the portal and what each persona gets there. An address missing here fails the build.

The rows stand with the room whose view answers (tests/addresses_of/), the back office apart. One table serves three
tests: who gets what (tests/netzwerk/test_addresses.py), the browser's walk over all pages
(tests/journeys/test_every_page.py) and the HTML validator (tests/netzwerk/test_html.py).
"""

from tests.addresses_of import declarations, mailings, meetings, members, netzwerk, users

_ROOMS = (netzwerk, members, meetings, declarations, mailings, users)

# What visitors, contact persons and personal links reach.
PAGES = [row for room in _ROOMS for row in room.PAGES]
ADDRESSES = [*PAGES, *(row for room in _ROOMS for row in room.DESK)]
DEMO_ADDRESSES = netzwerk.DEMO
