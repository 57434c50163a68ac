"""What every test gets: a fresh cache, templates that may not name unknown variables, the personas of the portal."""

from importlib import import_module
from pathlib import Path

import pytest
from django.core.cache import cache, caches
from django.db import connection, transaction
from django.test import Client
from hypothesis import settings as hypothesis_settings

from core import revision
from members.imports import register as loader
from members.models import Membership, Municipality
from tests import migrated
from tests.factories import ContactPersonFactory, MunicipalityFactory, PersonFactory, UserFactory
from tests.pdf_ua import Checker
from tests.undefined import undefined_variables_fail

# How long one example takes says nothing on a machine that has other work besides.
hypothesis_settings.register_profile("portal", deadline=None)
hypothesis_settings.load_profile("portal")


def pytest_addoption(parser):
    parser.addoption("--database-only", action="store_true", help="leave out what asks no database")


def pytest_collection_modifyitems(config, items):
    """On the second engine run what asks the database, and what starts processes that do; the rest has been shown."""
    if not config.getoption("database_only"):
        return
    kept = [item for item in items if _may_ask(item) and not item.get_closest_marker("once")]
    config.hook.pytest_deselected(items=[item for item in items if item not in set(kept)])
    items[:] = kept


def _may_ask(item):
    return "db" in item.fixturenames or any(item.get_closest_marker(name) for name in ("django_db", "slow"))


def _is_sqlite():
    return connection.vendor == "sqlite"


@pytest.fixture(scope="session")
def django_db_keepdb(request):
    """On SQLite a run takes over a migrated file (tests/migrated.py); `_migrated_file` removes it in the end."""
    return _is_sqlite() or request.config.getoption("reuse_db")


@pytest.fixture(scope="session")
def _migrated_file(django_db_modify_db_settings):
    """Return where this run's SQLite database lies, and whether it has been migrated before."""
    if not _is_sqlite():
        yield None, False
        return
    database = Path(connection.settings_dict["TEST"]["NAME"])
    yield database, migrated.lay_ready(database)
    migrated.remove(database)


@pytest.fixture(scope="session")
def django_db_setup(_migrated_file, django_db_setup, django_db_blocker):
    database, was_migrated = _migrated_file
    if database and not was_migrated:
        with django_db_blocker.unblock():
            connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
            migrated.keep(database)


@pytest.fixture(autouse=True)
def _fresh_caches(request):
    """Rate limits, and pages and the directory in memory, must not leak from one test into the next."""
    caches["pages"].clear()
    revision.forget()
    if "db" in request.fixturenames or request.node.get_closest_marker("django_db"):
        request.getfixturevalue("db")
        cache.clear()


@pytest.fixture(autouse=True, scope="session")
def _undefined_variables_fail():
    with undefined_variables_fail():
        yield


@pytest.fixture(autouse=True, scope="session")
def _site_map():
    """Read the site map before any test switches DEMO on: it must not take the demonstration's pages in for all."""
    import_module("netzwerk.urls")


@pytest.fixture
def demonstration(settings):
    """The portal as DEMO=true starts it: with the Postausgang."""
    settings.ROOT_URLCONF = import_module("tests.demo_site").__name__
    settings.DEMO = True


@pytest.fixture(scope="session")
def _register_rows(django_db_setup, django_db_blocker):
    """Load the register once through its own loader and keep the rows: loading it for each test takes seconds."""
    with django_db_blocker.unblock(), transaction.atomic():
        loader.load_register()
        loader.load_proven_members()
        rows = [
            (model, list(model.objects.all()))
            for model in (Municipality, Membership, Municipality.history.model, Membership.history.model)
        ]
        transaction.set_rollback(True)
    return rows


@pytest.fixture
def register(db, _register_rows):
    """The real register: 432 bodies and the 39 proven members."""
    for model, rows in _register_rows:
        model.objects.bulk_create(rows)
    revision.raise_number()


@pytest.fixture(scope="session")
def pdf_ua():
    """Return a function: the rules of PDF/UA-1 that a file breaks (tests/pdf_ua.py)."""
    checker = Checker()
    yield checker
    checker.end()


@pytest.fixture
def town(db):
    """A member town: Rheine of the register if that is loaded."""
    known = Municipality.objects.filter(slug="rheine").first()
    return known or MunicipalityFactory(name="Rheine", slug="rheine", member=True)


@pytest.fixture
def office(db):
    """Works in the Geschäftsstelle."""
    return UserFactory(staff=True, email="office@netzwerk.example")


@pytest.fixture
def chancellery(db):
    """Works in the Staatskanzlei."""
    return UserFactory(chancellery=True, email="chancellery@netzwerk.example")


@pytest.fixture
def administrator(db):
    """Cares for accounts and holds no office."""
    return UserFactory(administrator=True, email="administrator@netzwerk.example")


@pytest.fixture
def contact(town):
    """Answers for the town."""
    return ContactPersonFactory(municipality=town, person=PersonFactory(first_name="Rosa", account=True)).person.user


@pytest.fixture
def colleague(town):
    """Deputy in the same town."""
    return ContactPersonFactory(municipality=town, is_deputy=True).person.user


@pytest.fixture
def stranger(db):
    """Contact person of another member."""
    return ContactPersonFactory(municipality=MunicipalityFactory(name="Bonn", slug="bonn", member=True)).person.user


@pytest.fixture
def visitor():
    """Not signed in."""


@pytest.fixture
def client_of():
    """Return a client signed in as the given account; None stays a visitor."""

    def make(user):
        client = Client()
        if user is not None:
            client.force_login(user)
        return client

    return make


def pytest_terminal_summary(terminalreporter):
    """Show the figures of the proofs, which parallel workers would otherwise swallow."""
    for report in terminalreporter.stats.get("passed", []):
        for name, value in report.user_properties:
            if name == "figures" and report.when == "call":
                terminalreporter.write_line(f"{report.nodeid.rpartition('::')[2]}: {value}")
