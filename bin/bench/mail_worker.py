"""A worker of the mail bench: `python -m bin.bench.mail_worker`; and the one kind of mail that the bench sends."""

from collections.abc import Callable

import django

PROCESSES = 2
_PARAGRAPH = (
    "Guten Tag, {name}, im Frühjahr treffen sich die Mitglieder des Netzwerks; über Ihr Kommen freuen wir uns. "
)
_TEXT, _HTML = _PARAGRAPH * 45, f"<p>{_PARAGRAPH}</p>\n" * 80


def letter_of(name: str) -> tuple[str, str, str]:
    """Return subject, text and HTML for one recipient: 15 KB together, her name in each paragraph."""
    page = f'<!DOCTYPE html>\n<html lang="de"><head><title>Einladung</title></head><body>\n{_HTML}</body></html>\n'
    return f"Einladung für {name}", _TEXT.format(name=name), page.format(name=name)


def register() -> None:
    """Make the kind known to this process; Django must be set up."""
    from core.mailkinds import Letter, MailClass, MailKind
    from core.mailkinds import register as make_known

    render: Callable = lambda mail: Letter(*letter_of(mail.to_name))  # noqa: E731
    make_known(MailKind("bench.mail", "Messung", "in der Messung", "an alle", MailClass.BUSINESS, render))
    make_known(MailKind("bench.code", "Code", "in der Messung", "an eine", MailClass.ACCESS, render))


def main() -> None:
    django.setup()
    register()
    from netzwerk.celery import app

    app.worker_main(["worker", f"--concurrency={PROCESSES}", "--loglevel=WARNING"])


if __name__ == "__main__":
    main()
