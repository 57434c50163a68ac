"""Settings of the test run: throw-away database, mail kept in memory, the demonstration's page switched on by tests."""

import os
from pathlib import Path
from tempfile import gettempdir

_run = f"{os.getppid()}-{os.environ.get('PYTEST_XDIST_WORKER', 'main')}"
os.environ.setdefault("SECRET_KEY", "only-for-tests")
os.environ.setdefault("SITE_URL", "http://testserver")
os.environ.setdefault("MAIL_FROM", "Kommunen-Netzwerk <portal@netzwerk.example>")
os.environ.setdefault("EMAIL_URL", "smtp://127.0.0.1:1")
os.environ.setdefault("CELERY_BROKER_URL", "memory://localhost")
os.environ["DEMO"] = "false"  # whatever the developer's shell says: tests switch it on by themselves
os.environ.setdefault("DATABASE_URL", f"sqlite:///{gettempdir()}/netzwerk-{_run}.sqlite3")

from netzwerk.settings import *  # noqa: E402, F403
from netzwerk.settings import BASE_DIR, DATABASES, STORAGES  # noqa: E402

EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
ALLOWED_HOSTS = ["testserver", "localhost", "127.0.0.1"]
STORAGES["staticfiles"] = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
WHITENOISE_USE_FINDERS = True
WHITENOISE_AUTOREFRESH = True  # not all files read for each test client: that was a fifth of the whole run
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    # A file, so that the sender processes that the tests start see the same database.
    DATABASES["default"]["TEST"] = {"NAME": Path(gettempdir()) / f"netzwerk-test-{_run}.sqlite3"}
# The journal of erasures and uploads go where no demonstration looks.
DATA_DIR = Path(gettempdir()) / f"netzwerk-data-{_run}"
MEDIA_ROOT = DATA_DIR / "media"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = None  # served from where they lie, without collectstatic
