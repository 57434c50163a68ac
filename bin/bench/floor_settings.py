"""The floor: the same database and web server with bare Django and next to none of its middlewares."""

from netzwerk.settings import *  # noqa: F403
from netzwerk.settings import BASE_DIR, TEMPLATES

ROOT_URLCONF = "bin.bench.floor"
MIDDLEWARE = [
    "django.middleware.common.CommonMiddleware",  # names the length, so that connections stay open
    "allauth.account.middleware.AccountMiddleware",  # allauth does not start without
]
TEMPLATES[0]["DIRS"] = [BASE_DIR / "bin" / "bench" / "templates"]
TEMPLATES[0]["OPTIONS"]["context_processors"] = []
