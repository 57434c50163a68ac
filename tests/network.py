"""A network for tests that swallows answers on command."""

import selectors
import socket
import threading


class Network:
    """Hands every byte to another port of this machine and back, until it is told to swallow them."""

    def __init__(self, to_port: int):
        self.to_port, self.swallows = to_port, False
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._listener, selectors.EVENT_READ, None)
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._work)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *reason):
        self._over.set()
        self._thread.join()
        for key in list(self._selector.get_map().values()):
            key.fileobj.close()
        self._selector.close()

    def _work(self) -> None:
        while not self._over.is_set():
            for key, _ in self._selector.select(timeout=0.05):
                if key.data is None:
                    self._connect()
                elif key.fileobj.fileno() != -1:  # else its other end has just taken it along
                    self._hand_on(key.fileobj, key.data)

    def _connect(self) -> None:
        near = self._listener.accept()[0]
        far = socket.create_connection(("127.0.0.1", self.to_port))
        self._selector.register(near, selectors.EVENT_READ, far)
        self._selector.register(far, selectors.EVENT_READ, near)

    def _hand_on(self, source: socket.socket, target: socket.socket) -> None:
        try:
            data = source.recv(65536)
            if data and not self.swallows:
                target.sendall(data)
        except OSError:
            data = b""
        if not data:
            for end in (source, target):
                self._selector.unregister(end)
                end.close()
