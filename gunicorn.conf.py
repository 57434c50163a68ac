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
threads = int(os.environ.get("WEB_THREADS", "8"))
loglevel = "warning"
control_socket_disable = True  # it would lie under the home directory, which a service may not have


def post_worker_init(worker):
    """Start worker and clock inside the web process where no broker is configured."""
    # Here, not above: Django's settings exist only once the worker has loaded the application.
    from core import jobs  # noqa: PLC0415

    if jobs.runs_embedded() and worker.cfg.workers > 1:
        # Raised, not exited: only so gunicorn gives up instead of starting the next one.
        raise RuntimeError("Mehrere Webprozesse gehen nur mit Redis: Nennen Sie seine Adresse in CELERY_BROKER_URL.")
    jobs.start_embedded()
