"""The web server, in the demonstration and in production (docs/betrieb.md explains the variables)."""

import os
import socket


def _addresses() -> list[str]:
    """Loopback only: browsers try "localhost" as ::1 first, so IPv6 is served as well where the machine has it."""
    port = os.environ.get("PORT", "8000")
    try:
        with socket.create_server(("::1", int(port)), family=socket.AF_INET6):
            return [f"127.0.0.1:{port}", f"[::1]:{port}"]
    except OSError:
        return [f"127.0.0.1:{port}"]


wsgi_app = "netzwerk.wsgi:application"
bind = os.environ["BIND"].split(",") if "BIND" in os.environ else _addresses()
worker_class = "gthread"
workers = int(os.environ.get("WEB_PROCESSES", "1"))
# More at once would only share the processor among themselves: a few, so that one that waits for the database holds up
# nobody, and everybody's page is whole sooner.
threads = int(os.environ.get("WEB_THREADS", "4"))
# A process ends after so many requests, with some chance so that not all end at once: memory that a library loses comes
# back. Not a lone one: nobody would answer meanwhile, and worker and clock may live inside it.
max_requests = 50_000 if workers > 1 else 0
max_requests_jitter = max_requests // 10
# At a reload or stop, requests under way have so long to end; none takes longer than 10 seconds (netzwerk/settings.py).
graceful_timeout = 30
# Longer than the proxy keeps its connections (Caddyfile), so that it is never the one surprised by an end.
keepalive = 75
# The sign of life of each process, in memory: on a slow disk it could come too late.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108 - gunicorn names its files itself
loglevel = "warning"
control_socket_disable = True  # it would lie under the home directory, which a service may not have


def post_worker_init(worker):
    """Keep personal links out of the server's log; start worker and clock in here where no broker is configured."""
    # Here, not above: Django's settings exist only once the worker has loaded the application.
    from django.urls import get_resolver  # noqa: PLC0415

    from core import jobs, logs  # noqa: PLC0415

    # All pages, now: else the first person who comes to a new process would wait for them.
    _ = get_resolver().url_patterns

    for handler in worker.log.error_log.handlers:
        handler.setFormatter(logs.Formatter(worker.log.error_fmt, worker.log.datefmt))

    if jobs.runs_embedded() and worker.cfg.workers > 1:
        # Raised, not exited: only so gunicorn gives up instead of starting the next one.
        raise RuntimeError("Mehrere Webprozesse gehen nur mit Redis: Nennen Sie seine Adresse in CELERY_BROKER_URL.")
    jobs.start_embedded()
