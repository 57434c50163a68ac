"""Stored values in words, the same wherever a change is told: history, difference, report of an import."""

import datetime
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.formats import date_format


def in_words(value: Any, field: models.Field | None = None) -> str:
    """Return a value as people read it, "" for none: "ja", "5. Dezember 2012", the label of a choice of its `field`."""
    if field is not None and field.flatchoices:
        value = dict(field.flatchoices).get(value, value)
    if isinstance(value, bool):
        return "ja" if value else "nein"
    if isinstance(value, datetime.datetime):
        return date_format(timezone.localtime(value), "DATETIME_FORMAT")
    if isinstance(value, datetime.date):
        return date_format(value)
    return "" if value is None else str(value)
