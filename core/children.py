"""Work on what is not to be trusted, in a process of its own: with little memory, little time, and no secret of ours.

The parent calls `run`; the module it names ends with `serve(work)`. Nothing here may import Django: a child starts in
a fraction of a second, and knows neither settings nor database. `subprocess` and not `multiprocessing`, since a Celery
worker may have no children of that kind.
"""

import math
import os
import resource
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

_ROOT = Path(__file__).resolve().parent.parent
# What a child finds of our environment; the rest, secrets among it, is none of its business.
_ENVIRONMENT = ("PATH", "HOME", "TMPDIR")
_TOO_MUCH, _REFUSED = 3, 4
_PATIENCE = 3


@dataclass(frozen=True)
class Limits:
    """seconds: of a processor's time until the child is killed, and three times as many by the clock, so that a busy
    machine refuses nobody. memory: bytes of address space."""

    seconds: float
    memory: int


class TooMuchError(Exception):
    """The child needed more time, memory or depth than it may have."""


class RefusedError(Exception):
    """The child says why it does not do it; a line for each reason."""


def run(module: str, task: bytes, *, limits: Limits) -> bytes:
    """Let `python -m module` work on the task and return its answer. TooMuchError, RefusedError.

    A child that dies of itself (a library aborts when memory ends) needed too much, too.
    """
    environment = {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}
    command = [sys.executable, "-m", module, str(limits.memory), str(math.ceil(limits.seconds))]
    try:
        child = subprocess.run(  # noqa: S603 - our own module
            command,
            input=task,
            capture_output=True,
            timeout=limits.seconds * _PATIENCE,
            cwd=_ROOT,
            env=environment | {"LANG": "C.UTF-8"},
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise TooMuchError from error
    if child.returncode == 0:
        return child.stdout
    words = child.stderr.decode(errors="replace").strip()
    if child.returncode == _REFUSED:
        raise RefusedError(words)
    # Where memory ends while Python itself tidies up, its own exit status says nothing of the kind.
    if child.returncode == _TOO_MUCH or child.returncode < 0 or "MemoryError" in words:
        raise TooMuchError(words)
    raise RuntimeError(f"{module}: {words[-2000:]}")


def serve(work: Callable[[bytes], bytes]) -> None:
    """In the child: limit memory and time, read the task, answer. `work` raises RefusedError with its reasons."""
    memory, seconds = int(sys.argv[1]), int(sys.argv[2])
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    try:
        answer = work(sys.stdin.buffer.read())
    except (MemoryError, RecursionError) as error:
        sys.stderr.write(type(error).__name__)
        sys.exit(_TOO_MUCH)
    except RefusedError as error:
        sys.stderr.write(str(error))
        sys.exit(_REFUSED)
    sys.stdout.buffer.write(answer)
