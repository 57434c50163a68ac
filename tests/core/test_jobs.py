"""Waking tasks: after the commit, by name, and never in anybody's way."""

import pytest
from celery import current_app
from django.db import transaction

from core import jobs, tasks
from core.mailkinds import MailKind, register
from tests.core.kinds import KINDS


@pytest.fixture
def broker():
    """A broker of this test alone; called, it empties itself and says how many wake-ups it held."""
    url, current_app.conf.broker_url = current_app.conf.broker_url, "memory://localhost"
    current_app.control.purge()
    yield current_app.control.purge
    current_app.conf.broker_url = url


@pytest.mark.django_db(transaction=True)
def test_wakes_after_the_commit_and_not_after_a_rollback(broker):
    with transaction.atomic():
        jobs.wake("core.sweep_mail")
        assert broker() == 0
    assert broker() == 1
    with transaction.atomic():
        jobs.wake("core.sweep_mail")
        transaction.set_rollback(True)
    assert broker() == 0


@pytest.mark.django_db(transaction=True)
def test_a_task_nobody_knows_is_not_the_pages_fault(broker):
    jobs.wake("nobody.knows")
    assert broker() == 1


def test_no_worker_inside_a_process_that_has_redis(settings):
    settings.CELERY_BROKER_URL = "redis://localhost:6379/0"
    assert jobs.start_embedded() is False


@pytest.mark.django_db(transaction=True)
def test_the_tasks_do_their_work_and_wake_each_other(broker, queue, mailoutbox):
    queue()
    assert broker() == 1
    tasks.sweep_mail()
    assert broker() == 1
    tasks.deliver_mail()
    assert broker() == 0
    assert len(mailoutbox) == 1


def test_two_kinds_cannot_share_a_key():
    with pytest.raises(ValueError, match="registered twice"):
        register(MailKind(KINDS[0].key, "Andere", "", "", KINDS[0].mail_class, KINDS[0].render))
