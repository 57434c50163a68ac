"""A small mailbox to read by IMAP, in a thread of the test: login, search, fetch, flags, expunge, a break on demand."""

import re
import socketserver
import threading
from contextlib import contextmanager

LOGIN = ("bounces", "geheim @1")


class Mailbox:
    """messages: as they lie there; flags: of each. fault: word of a command that breaks the connection off."""

    def __init__(self, messages):
        self.messages = dict(enumerate(messages, 1))
        self.flags = {uid: set() for uid in self.messages}
        self.fault = ""

    def answer(self, tag, words):
        """Return the lines for a command, the last one with its tag."""
        verb = words[0].upper()
        if verb == "UID":
            verb, words = words[1].upper(), words[1:]
        return [*getattr(self, f"on_{verb.lower()}")(words), f"{tag} OK done".encode()]

    def on_capability(self, words):
        return [b"* CAPABILITY IMAP4rev1"]

    def on_login(self, words):
        if (words[1].strip('"'), " ".join(words[2:]).strip('"')) != LOGIN:
            raise PermissionError
        return []

    def on_select(self, words):
        if words[1] != '"Eingang"':
            raise PermissionError
        return [f"* {len(self.messages)} EXISTS".encode()]

    def on_search(self, words):
        found = [uid for uid in self.messages if not self.flags[uid] & {r"\Seen", r"\Deleted"}]
        return [("* SEARCH " + " ".join(map(str, found))).encode()]

    def on_fetch(self, words):
        raw = self.messages[int(words[1])][: int(re.search(r"<0\.(\d+)>", words[2])[1])]
        return [f"* {words[1]} FETCH (UID {words[1]} BODY[]<0> {{{len(raw)}}}".encode() + b"\r\n" + raw + b")"]

    def on_store(self, words):
        self.flags[int(words[1])] |= set(re.findall(r"\\\w+", " ".join(words[3:])))
        return []

    def on_expunge(self, words):
        for uid in [uid for uid in self.messages if r"\Deleted" in self.flags[uid]]:
            del self.messages[uid]
        return []

    def on_logout(self, words):
        return [b"* BYE"]


class _Conversation(socketserver.StreamRequestHandler):
    def handle(self):
        mailbox = self.server.mailbox
        self.wfile.write(b"* OK hello\r\n")
        for line in self.rfile:
            tag, *words = line.decode().split()
            if mailbox.fault and mailbox.fault in words:
                return
            try:
                answer = mailbox.answer(tag, words)
            except PermissionError:
                answer = [f"{tag} NO refused".encode()]
            self.wfile.write(b"\r\n".join(answer) + b"\r\n")
            if words[0].upper() == "LOGOUT":
                return


@contextmanager
def running(messages):
    """Serve a mailbox with these messages for the length of the block; yield it and its port."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), _Conversation) as server:
        server.daemon_threads = True
        server.mailbox = Mailbox(messages)
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield server.mailbox, server.server_address[1]
        server.shutdown()
