"""Authentication without passwords: allauth's flows sign in, this only loads the account of a session."""

from typing import Any

from django.contrib.auth.backends import BaseBackend
from django.http import HttpRequest

from users.models import User


class CodeBackend(BaseBackend):
    """Signs nobody in by itself; an inactive account ends its sessions with the next request."""

    def authenticate(self, request: HttpRequest | None, **credentials: Any) -> None:
        return None

    def get_user(self, user_id: int) -> User | None:
        return User.objects.filter(pk=user_id, is_active=True).first()
