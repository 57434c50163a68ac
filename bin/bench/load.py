"""People who keep asking: many connections, each sends its next request as soon as the answer is whole.

Run as a process of its own, so that its work is not counted as the portal's: plan as JSON on stdin, figures on stdout.
One thread that waits for all sockets at once: it needs about a tenth of what the fastest answer costs.
"""

import json
import re
import resource
import selectors
import socket
import sys
import time
from itertools import cycle

_LENGTH = re.compile(rb"\r\nContent-Length: (\d+)", re.IGNORECASE)


class Visitor:
    """One connection, and how long each of its answers took."""

    def __init__(self, port: int, requests: list[bytes], ready: selectors.BaseSelector):
        self.port, self.requests, self.ready = port, cycle(requests), ready
        self.milliseconds: list[float] = []
        self.failed = 0
        self.is_over = False
        self.connect()
        self.ask(next(self.requests))

    def connect(self) -> None:
        self.socket = socket.create_connection(("127.0.0.1", self.port))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.ready.register(self.socket, selectors.EVENT_READ, self)

    def close(self) -> None:
        self.ready.unregister(self.socket)
        self.socket.close()

    def ask(self, request: bytes) -> None:
        self.request, self.head, self.missing = request, b"", None
        self.asked = time.perf_counter()
        self.socket.sendall(request)

    def read(self) -> None:
        try:
            received = self.socket.recv(1 << 20)
        except ConnectionError:
            received = b""
        if not received:
            # A process that ends after its last answer closes its connections, as every browser knows.
            self.failed += bool(self.head)
            self.close()
            self.connect()
            self.ask(self.request)
        elif self.is_whole(received):
            self.milliseconds.append(1000 * (time.perf_counter() - self.asked))
            if self.is_over:
                self.close()
            else:
                self.ask(next(self.requests))

    def is_whole(self, received: bytes) -> bool:
        if self.missing is not None:
            self.missing -= len(received)
            return self.missing == 0
        self.head += received
        head, end, body = self.head.partition(b"\r\n\r\n")
        if end:
            self.failed += not head.startswith(b"HTTP/1.1 200 ")
            self.missing = int(_LENGTH.search(head)[1]) - len(body)
        return self.missing == 0


def crowd(port: int, requests: list[bytes], people: int, seconds: float) -> dict[str, object]:
    """Let that many people ask for so long, each beginning with another request; return what they saw.

    Whoever waits when the time is over gets her answer: nothing that was begun is left for the next measurement.
    """
    started = time.perf_counter()
    with selectors.DefaultSelector() as ready:
        visitors = [Visitor(port, requests[number % len(requests) :] + requests, ready) for number in range(people)]
        while ready.get_map():
            for key, _ in ready.select():
                key.data.is_over = time.perf_counter() - started > seconds
                key.data.read()
    own = resource.getrusage(resource.RUSAGE_SELF)
    return {
        "milliseconds": [value for visitor in visitors for value in visitor.milliseconds],
        "seconds": time.perf_counter() - started,
        "failed": sum(visitor.failed for visitor in visitors),
        "own_cpu": own.ru_utime + own.ru_stime,
    }


if __name__ == "__main__":
    plan = json.load(sys.stdin)
    requests = [text.encode() for text in plan["requests"]]
    json.dump(crowd(plan["port"], requests, plan["people"], plan["seconds"]), sys.stdout)
