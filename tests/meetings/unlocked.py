"""The portal's web application with the lock of the meeting taken out: the proof of the race must fail with it."""

from netzwerk.wsgi import application  # isort: skip - it loads the apps, before which no model can be read
from meetings import filling
from meetings.models import Meeting

__all__ = ["application"]

filling.locked = lambda meeting: Meeting.objects.get(pk=meeting.pk)
