"""Requests that no browser sends: right ones with one to three faults, chosen by chance, the same for the same seed."""

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import quote_from_bytes

from django.conf import settings
from django.test import Client

from tests.addresses import ADDRESSES
from tests.world import World, sign_in

PERSONAS = ("visitor", "contact", "office", "administrator")
TOKEN = "a" * 32  # as cookie and in the form: what is sent gets past the check against forgery and reaches the forms
HEADERS = (
    "Host", "Cookie", "Accept-Encoding", "Accept-Language", "If-None-Match", "If-Modified-Since", "Range", "Referer",
    "Origin", "Content-Type", "Content-Length", "X-Forwarded-For", "X-Forwarded-Proto", "X-CSRFToken", "User-Agent",
)  # fmt: skip
METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW", "get", "")
NASTY = tuple(
    value if isinstance(value, bytes) else value.encode()
    for value in (
        b"\0", b"a\0b", b"\xff\xfe", b"\xed\xa0\x80", b"\xc0\xaf", b"M\xfcnster", "Mu\u0308nster", "", " ", "-1", "0",
        "9" * 25, "9" * 5_000, "9223372036854775808", "1e309", "NaN", "٣", "²", "1,2,x", "true", "null", "[]", "{",
        "' OR 1=1 --", "<script>", "{{ 7|add:7 }}", "%s%n", "%", "%zz", "../../../etc/passwd", "\\", "//x.example",
        "javascript:1", "31.2.2026", "0000-00-00", "99999-12-31", "2026-02-30 25:61", "a\r\nSet-Cookie: x=1", "\n",
        "🙂" * 500, "\u202e", "\ufeff", "a" * 300, "b@" + "c" * 300, "rosa@stadt.example\nBcc: x@y.example",
        "abcdefghijklmnopqrstuvwxyz234567" * 2, "__all__", "pk__in", "x" * 70_000,
    )
)  # fmt: skip


@dataclass
class Request:
    """A request as it is put together; `raw` is what goes over the wire."""

    name: str
    persona: str
    path: bytes
    method: str = "GET"
    query: list[tuple[bytes, bytes]] = field(default_factory=list)
    fields: list[tuple[bytes, bytes]] | None = None
    headers: list[tuple[str, bytes]] = field(default_factory=list)
    version: str = "HTTP/1.1"
    body: bytes = b""

    @property
    def raw(self) -> bytes:
        query = b"?" + _encoded(self.query) if self.query else b""
        body = self.body or (b"" if self.fields is None else _encoded(self.fields))
        headers = [*self.headers, ("Connection", b"close")]
        if body:
            known = {name for name, _ in headers}
            standard = (("Content-Type", b"application/x-www-form-urlencoded"), ("Content-Length", b"%d" % len(body)))
            headers += [header for header in standard if header[0] not in known]
        lines = [f"{self.method} ".encode() + self.path + query + f" {self.version}".encode()]
        lines += [name.encode() + b": " + value for name, value in headers]
        return b"\r\n".join(lines) + b"\r\n\r\n" + body

    def __str__(self):
        return f"{self.persona}, {self.name}: {self.raw[:1_500]!r}"


def _encoded(pairs: list[tuple[bytes, bytes]]) -> bytes:
    return b"&".join(quote_from_bytes(name).encode() + b"=" + quote_from_bytes(value).encode() for name, value in pairs)


class _Fields(HTMLParser):
    """Names and values of all that a page's forms would send."""

    def __init__(self, html: str):
        super().__init__()
        self.found: list[tuple[bytes, bytes]] = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        if tag in ("input", "select", "textarea", "button") and values.get("name"):
            self.found.append((values["name"].encode(), (values.get("value") or "").encode()))


class Malformer:
    """Makes the requests against one World; every persona has some sessions, for one may end on the way."""

    def __init__(self, world: World, seed: int):
        self.world, self.chance = world, random.Random(seed)
        self.clients = {persona: self._client(persona) for persona in PERSONAS}
        self.cookies = {
            persona: [self._cookie(self._client(persona)) for _ in range(1 if persona == "visitor" else 8)]
            for persona in PERSONAS
        }
        self._forms: dict[tuple[str, str], list[tuple[bytes, bytes]]] = {}

    def requests(self, count: int) -> Iterator[Request]:
        for _ in range(count):
            request = self._right_one()
            for fault in self.chance.choices(_FAULTS, weights=_WEIGHTS, k=self.chance.choice((1, 1, 2, 3))):
                fault(request, self.chance)
            yield request

    def _client(self, persona: str) -> Client:
        client, user = Client(raise_request_exception=False), self.world.users[persona]
        if user:
            sign_in(client, user)
        return client

    @staticmethod
    def _cookie(client: Client) -> bytes:
        cookies = {settings.CSRF_COOKIE_NAME: TOKEN} | {key: morsel.value for key, morsel in client.cookies.items()}
        return "; ".join(f"{key}={value}" for key, value in cookies.items()).encode()

    def _right_one(self) -> Request:
        """A page asked for, or one of its forms sent back as it came."""
        row, persona = self.chance.choice(ADDRESSES), self.chance.choice(PERSONAS)
        path = row.path(self.world)
        headers = [("Host", b"localhost"), ("Cookie", self.chance.choice(self.cookies[persona]))]
        request = Request(row.name, persona, path.encode(), headers=headers)
        if self.chance.random() < 0.5:
            request.method, request.fields = "POST", [*self._form(persona, path)]
        elif self.chance.random() < 0.5:
            request.query = [pair for pair in self._form(persona, path) if pair[0] != b"csrfmiddlewaretoken"]
        return request

    def _form(self, persona: str, path: str) -> list[tuple[bytes, bytes]]:
        if (persona, path) not in self._forms:
            answer = self.clients[persona].get(path)
            is_page = not answer.streaming and answer.headers.get("Content-Type", "").startswith("text/html")
            found = _Fields(answer.content.decode()).found if is_page else []
            found = [pair for pair in found if pair[0] != b"csrfmiddlewaretoken"]
            self._forms[persona, path] = [(b"csrfmiddlewaretoken", TOKEN.encode()), *found]
        return self._forms[persona, path]


def _values(request: Request, chance: random.Random) -> None:
    """Some values of form or query are not what was asked for."""
    pairs = request.query if request.fields is None else request.fields
    for place in chance.sample(range(len(pairs)), k=min(len(pairs), chance.randint(1, 4))):
        if pairs[place][0] != b"csrfmiddlewaretoken":
            pairs[place] = (pairs[place][0], chance.choice(NASTY))


def _names(request: Request, chance: random.Random) -> None:
    """A name that nobody knows, one twice, one left out."""
    pairs = request.query if request.fields is None else request.fields
    pairs.append((chance.choice((*NASTY, b"q", b"o", b"p", b"page", b"next", b"e", b"_popup")), chance.choice(NASTY)))
    if len(pairs) > 2:
        pairs.append(chance.choice(pairs))
        del pairs[chance.randrange(1, len(pairs))]


def _too_much(request: Request, chance: random.Random) -> None:
    """More fields than any form has, or a value longer than any text."""
    request.method, request.fields = "POST", request.fields or []
    if chance.random() < 0.5:
        request.fields += [(b"f%d" % number, b"1") for number in range(2_000)]
    else:
        request.fields.append((b"text", b"x" * 3_000_000))


def _path(request: Request, chance: random.Random) -> None:
    """One part of the address is something else, escaped or not."""
    parts, value = request.path.split(b"/"), chance.choice(NASTY)
    place = chance.randrange(1, len(parts)) if len(parts) > 1 else 0
    parts[place] = quote_from_bytes(value).encode() if chance.random() < 0.8 else value
    request.path = b"/".join(parts)


def _method(request: Request, chance: random.Random) -> None:
    request.method = chance.choice(METHODS)


def _header(request: Request, chance: random.Random) -> None:
    """A header with a strange value, beside or instead of the right one."""
    name, value = chance.choice(HEADERS), chance.choice(NASTY)
    if chance.random() < 0.5:
        request.headers = [header for header in request.headers if header[0] != name]
    request.headers.append((name, value))


def _cookies(request: Request, chance: random.Random) -> None:
    cookie = chance.choice(("sessionid", "csrftoken", "messages", "x")).encode() + b"=" + chance.choice(NASTY)
    request.headers = [(name, value) for name, value in request.headers if name != "Cookie"] + [("Cookie", cookie)]


def _content(request: Request, chance: random.Random) -> None:
    """A body that is not what its type says, or not as long."""
    value = chance.choice(NASTY)
    part = b'--b\r\nContent-Disposition: form-data; name="file"; filename="' + value + b'"\r\n\r\n' + value
    types = (
        (b"multipart/form-data; boundary=b", part + b"\r\n--b--\r\n"), (b"multipart/form-data; boundary=b", part),
        (b"multipart/form-data", part), (b"multipart/form-data; boundary=" + value, part), (b"application/json", b"{"),
        (b"application/x-www-form-urlencoded; charset=utf-7", value), (b"text/plain; charset=" + value, value),
        (b"application/x-www-form-urlencoded; charset=none", b"q=" + value), (b"application/json", b"[" * 5_000),
    )  # fmt: skip
    kind, request.body = chance.choice(types)
    request.method = chance.choice(("POST", "POST", "PUT"))
    request.headers.append(("Content-Type", kind))
    request.headers.append(("X-CSRFToken", TOKEN.encode()))
    if chance.random() < 0.2:
        request.headers.append(("Content-Length", b"%d" % (len(request.body) + 10)))
    elif chance.random() < 0.2:
        request.headers.append(("Transfer-Encoding", b"chunked"))


def _protocol(request: Request, chance: random.Random) -> None:
    request.version = chance.choice(("HTTP/1.0", "HTTP/9.9", "HTTP/2", "", "HTTP", "HTTP/1.1 x"))


_FAULTS = (_values, _names, _too_much, _path, _method, _header, _cookies, _content, _protocol)
_WEIGHTS = (40, 15, 1, 15, 8, 10, 4, 8, 2)
