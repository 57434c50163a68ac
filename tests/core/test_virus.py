"""The virus scanner, where there is one: what it finds, or nobody looked at, is not kept."""

import socket
import struct
import threading

import pytest
from django.core.exceptions import ValidationError

from core import virus


@pytest.fixture
def scanner(settings):
    """A clamd that calls every file with the word EICAR a virus; `heard` is what it was sent."""
    heard = []
    listener = socket.create_server(("127.0.0.1", 0))
    settings.VIRUS_SCANNER = f"tcp://127.0.0.1:{listener.getsockname()[1]}"

    def serve():
        connection = listener.accept()[0]
        with connection, connection.makefile("rb") as stream:
            assert stream.read(10) == b"zINSTREAM\0"
            content = b""
            while length := struct.unpack("!L", stream.read(4))[0]:
                content += stream.read(length)
            heard.append(content)
            connection.sendall(b"stream: Test-Signature FOUND\0" if b"EICAR" in content else b"stream: OK\0")

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    yield heard
    thread.join(5)
    listener.close()


def test_a_clean_file_passes_and_was_seen_whole(scanner):
    content = b"%PDF-1.7" + bytes(200_000)
    virus.scan(content)
    assert scanner == [content]


def test_a_find_is_told(scanner):
    with pytest.raises(ValidationError, match="hat in dieser etwas gefunden"):
        virus.scan(b"EICAR")


def test_a_silent_scanner_lets_nothing_pass(settings):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        settings.VIRUS_SCANNER = f"tcp://127.0.0.1:{taken.getsockname()[1]}"
    with pytest.raises(ValidationError, match="Virenschutz antwortet nicht"):
        virus.scan(b"anything")


def test_without_a_scanner_nobody_is_asked(settings):
    settings.VIRUS_SCANNER = ""
    virus.scan(b"EICAR")
