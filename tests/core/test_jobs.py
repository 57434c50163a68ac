"""Waking tasks: after the commit, by name, and never in anybody's way."""

import uuid

import pytest
from celery import current_app
from django.db import transaction

from core import jobs, tasks
from core.mailkinds import MailKind, register
from tests.core.kinds import KINDS


@pytest.fixture
def broker():
    """A broker of this test alone; called, it empties itself and names the tasks that would have been woken.

    Its queue bears a name of its own: the broker in memory is one for the whole process, and what a thread of another
    test wakes late is not counted here.
    """
    conf, queue = current_app.conf, f"test-{uuid.uuid4()}"
    before = conf.broker_url, conf.task_default_queue
    conf.broker_url, conf.task_default_queue = "memory://localhost", queue
    _forget_queues()
    yield lambda: list(_taken_from(queue))
    conf.broker_url, conf.task_default_queue = before
    _forget_queues()


def _forget_queues():
    for name in ("queues", "default_queue", "router"):
        vars(current_app.amqp).pop(name, None)


def _taken_from(name):
    with current_app.connection_for_write() as connection:
        queue = current_app.amqp.queues[name].bind(connection.default_channel)
        queue.declare()
        while (message := queue.get(no_ack=True)) is not None:
            yield message.headers["task"]


@pytest.mark.django_db(transaction=True)
def test_wakes_after_the_commit_and_not_after_a_rollback(broker):
    with transaction.atomic():
        jobs.wake("core.sweep_mail")
        assert broker() == []
    assert broker() == ["core.sweep_mail"]
    with transaction.atomic():
        jobs.wake("core.sweep_mail")
        transaction.set_rollback(True)
    assert broker() == []


@pytest.mark.django_db(transaction=True)
def test_a_transaction_wakes_for_the_same_once(broker):
    with transaction.atomic():
        for _ in range(20):
            jobs.wake("core.sweep_mail")
        jobs.wake("core.sweep_mail", after=61)
        jobs.wake("core.deliver_mail")
    assert broker() == ["core.sweep_mail", "core.sweep_mail", "core.deliver_mail"]


@pytest.mark.django_db(transaction=True)
def test_what_was_rolled_back_does_not_stand_for_what_was_not(broker):
    with transaction.atomic():
        with transaction.atomic():
            jobs.wake("core.sweep_mail")
            transaction.set_rollback(True)
        jobs.wake("core.sweep_mail")
        with transaction.atomic():
            jobs.wake("core.deliver_mail")
            transaction.set_rollback(True)
    assert broker() == ["core.sweep_mail"]


@pytest.mark.django_db(transaction=True)
def test_a_task_nobody_knows_is_not_the_pages_fault(broker):
    jobs.wake("nobody.knows")
    assert broker() == ["nobody.knows"]


def test_no_worker_inside_a_process_that_has_redis(settings):
    settings.CELERY_BROKER_URL = "redis://localhost:6379/0"
    assert jobs.start_embedded() is False


@pytest.mark.django_db(transaction=True)
def test_the_tasks_do_their_work_and_wake_each_other(broker, queue, mailoutbox):
    queue()
    assert broker() == [jobs.DELIVER_MAIL]
    tasks.sweep_mail()
    assert broker() == [jobs.DELIVER_MAIL]
    tasks.deliver_mail()
    assert broker() == []
    assert len(mailoutbox) == 1


def test_two_kinds_cannot_share_a_key():
    with pytest.raises(ValueError, match="registered twice"):
        register(MailKind(KINDS[0].key, "Andere", "", "", KINDS[0].mail_class, KINDS[0].render))
