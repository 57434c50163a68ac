"""The floor: the same database and web server with bare Django and none of its middlewares but one."""

from netzwerk.settings import *  # noqa: F403
from netzwerk.settings import BASE_DIR, TEMPLATES

ROOT_URLCONF = "bin.bench.floor"
INSTALLED_APPS = ["members", "users", "core", "django.contrib.auth", "django.contrib.contenttypes", "simple_history"]
MIDDLEWARE = ["django.middleware.common.CommonMiddleware"]  # names the length, so that connections stay open
TEMPLATES[0]["DIRS"] = [BASE_DIR / "bin" / "bench" / "templates"]
TEMPLATES[0]["OPTIONS"]["context_processors"] = []
