"""Settings that would be dangerous stop the start and say why."""

import os
import runpy
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings as project
from django.core.exceptions import ImproperlyConfigured
from environs import EnvError

ROOT = Path(project.BASE_DIR)
OPERATION = {
    "DEMO": "false",
    "SITE_URL": "https://portal.netzwerk.example",
    "DATABASE_URL": "postgres://portal@localhost/portal",
    "CELERY_BROKER_URL": "redis://localhost:6379/0",
}
DEMONSTRATION = {
    "DEMO": "true",
    "SITE_URL": "http://localhost:8000",
    "DATABASE_URL": "sqlite:///var/portal.sqlite3",
    "CELERY_BROKER_URL": "memory://localhost",
}


@pytest.fixture
def build(monkeypatch):
    """Build the settings as a process with this environment would; a value of None is missing there."""

    def with_environment(environment):
        for name, value in environment.items():
            monkeypatch.delenv(name, raising=False)
            if value is not None:
                monkeypatch.setenv(name, value)
        return runpy.run_path(str(ROOT / "netzwerk/settings.py"))

    return with_environment


def test_operation_names_its_broker(build):
    assert build(OPERATION)["CELERY_BROKER_URL"] == OPERATION["CELERY_BROKER_URL"]
    with pytest.raises(EnvError, match="CELERY_BROKER_URL"):
        build(OPERATION | {"CELERY_BROKER_URL": None})


def test_the_demonstration_needs_no_broker(build):
    assert build(DEMONSTRATION | {"CELERY_BROKER_URL": None})["CELERY_BROKER_URL"].startswith("memory://")


@pytest.mark.parametrize("of_operation", ["SITE_URL", "DATABASE_URL"])
def test_the_demonstration_does_not_run_where_the_world_could_see_it(build, of_operation):
    assert build(DEMONSTRATION)["DEMO"]
    with pytest.raises(ImproperlyConfigured, match="Anmeldecode"):
        build(DEMONSTRATION | {of_operation: OPERATION[of_operation]})


@pytest.mark.slow
def test_the_web_server_refuses_several_processes_without_redis(tmp_path):
    environment = os.environ | DEMONSTRATION | {
        "WEB_PROCESSES": "2",
        "BIND": f"unix:{tmp_path}/socket",
        "DATABASE_URL": f"sqlite:///{tmp_path}/portal.sqlite3",
        "DATA_DIR": str(tmp_path),
        "DJANGO_SETTINGS_MODULE": "netzwerk.settings",
    }  # fmt: skip
    gunicorn = Path(sys.executable).parent / "gunicorn"
    result = subprocess.run([gunicorn], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=60)
    assert result.returncode != 0
    assert "Mehrere Webprozesse gehen nur mit Redis" in result.stderr
