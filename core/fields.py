"""Model fields that differ from Django's in one point."""

from typing import Any

from django.db import models


class WebAddressField(models.URLField):
    """A web address; typed without a scheme it means https."""

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"assume_scheme": "https", **kwargs})
