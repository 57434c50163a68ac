"""A mail server that misbehaves on command: `python tests/smtp_server.py '{"max_connections": 1}'` prints its port.

Options (JSON): max_connections – one more is greeted with 421; delay – seconds before the answer to a content;
login – reply to every attempt to log in; log – file that gets one JSON line per content received; faults – a list of
{"to": regex of the recipient, "at": "mail" | "rcpt" | "data" | "content", "reply": "450 4.2.0 …" | "cut" | "hang",
"times": how often per recipient (default: always)}. A fault at "mail" counts for every recipient, for none is known.
"""

import asyncio
import json
import re
import subprocess
import sys
from collections import Counter
from contextlib import contextmanager, suppress
from email import message_from_bytes, policy
from pathlib import Path

HANG_SECONDS = 60


class Server:
    def __init__(self, options):
        self.options = options
        self.log = Path(options["log"]).open("a", buffering=1, encoding="utf-8")  # noqa: SIM115 - open while it runs
        self.connections = 0
        self.tries = Counter()

    def fault(self, at, recipient):
        """Return what shall go wrong at this point for this recipient, or None."""
        for number, fault in enumerate(self.options.get("faults", [])):
            if fault["at"] != at or not re.match(fault.get("to", ""), recipient):
                continue
            self.tries[number, recipient] += 1
            if self.tries[number, recipient] <= fault.get("times", 1_000_000):
                return fault["reply"]
        return None

    async def serve(self, reader, writer):
        self.connections += 1
        try:
            if self.connections > self.options.get("max_connections", 1_000):
                writer.write(b"421 4.7.0 too many connections\r\n")
                await writer.drain()
            else:
                await Conversation(self, reader, writer).hold()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            self.connections -= 1
            writer.close()


class Conversation:
    def __init__(self, server, reader, writer):
        self.server, self.reader, self.writer = server, reader, writer
        self.recipient = self.sender = ""
        self.over = False

    async def say(self, text):
        self.writer.write(text.encode() + b"\r\n")
        await self.writer.drain()

    async def hold(self):
        await self.say("220 mail.test")
        while not self.over and (line := await self.reader.readline()):
            verb = line.split(None, 1)[0].strip().upper().decode()
            await getattr(self, f"on_{verb.lower()}", self.on_unknown)(line.decode())

    async def answer(self, at, normal):
        """Give the normal answer, or what the faults say; True if all is well."""
        reply = self.server.fault(at, self.recipient)
        if reply == "hang":
            await asyncio.sleep(HANG_SECONDS)
        if reply in ("cut", "hang"):
            self.writer.transport.abort()
            self.over = True
            return False
        await self.say(reply or normal)
        self.over = bool(reply) and reply.startswith("421")
        return reply is None

    async def on_unknown(self, line):
        await self.say("502 5.5.1 unknown")

    async def on_ehlo(self, line):
        login = "250-AUTH PLAIN\r\n" if "login" in self.server.options else ""
        await self.say(f"250-mail.test\r\n{login}250 8BITMIME")

    async def on_auth(self, line):
        await self.say(self.server.options["login"])

    async def on_mail(self, line):
        self.recipient, self.sender = "", re.search(r"<([^>]*)>", line)[1]
        await self.answer("mail", "250 ok")

    async def on_rcpt(self, line):
        self.recipient = re.search(r"<([^>]*)>", line)[1]
        await self.answer("rcpt", "250 ok")

    async def on_rset(self, line):
        await self.say("250 ok")

    async def on_quit(self, line):
        await self.say("221 bye")
        self.over = True

    async def on_data(self, line):
        if not await self.answer("data", "354 go"):
            return
        content = (await self.reader.readuntil(b"\r\n.\r\n"))[:-3]
        await asyncio.sleep(self.server.options.get("delay", 0))
        self.record(content.replace(b"\r\n..", b"\r\n."))
        await self.answer("content", "250 taken")

    def record(self, content):
        entry = {"to": self.recipient, "from": self.sender, "source": content.decode("utf-8", "surrogateescape")}
        self.server.log.write(json.dumps(entry) + "\n")


class Mailbox:
    """What arrived at a running server."""

    def __init__(self, port, log):
        self.port, self.log = port, log
        self._entries, self._read = [], 0

    def entries(self):
        """What arrived so far; a line that the server is still writing counts with the next look."""
        with self.log.open("rb") as log:
            log.seek(self._read)
            new = log.read()
        whole = new[: new.rfind(b"\n") + 1]
        self._read += len(whole)
        self._entries += [json.loads(line) for line in whole.splitlines()]
        return list(self._entries)

    def recipients(self):
        return [entry["to"] for entry in self.entries()]

    def messages(self):
        """The messages, parsed by Python's policy that raises on any defect."""
        sources = (entry["source"].encode("utf-8", "surrogateescape") for entry in self.entries())
        return [message_from_bytes(source, policy=policy.SMTP.clone(raise_on_defect=True)) for source in sources]


@contextmanager
def running(log, **options):
    """Run a server as a process of its own for the length of the block."""
    log.touch()
    arguments = [sys.executable, __file__, json.dumps({"log": str(log), **options})]
    process = subprocess.Popen(arguments, stdout=subprocess.PIPE, text=True)
    try:
        yield Mailbox(int(process.stdout.readline()), log)
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


async def main():
    options = json.loads(sys.argv[1])
    # A big limit, for a content is read as one piece.
    server = await asyncio.start_server(Server(options).serve, "127.0.0.1", options.get("port", 0), limit=2**24)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):
        asyncio.run(main())
