"""Which accounts the search of the back office finds."""

from django.urls import reverse

from core.search import Result
from users.models import User


def accounts(user: User, query: str) -> list[Result]:
    """Return accounts by a part of their address, for administrators."""
    if not user.has_perm("users.view_user"):
        return []
    rows = User.objects.filter(email__icontains=query.strip()).order_by("email")
    return [
        Result(
            "Konten",
            row.email,
            row.get_office_display() if row.is_active else "gesperrt",
            reverse("admin:users_user_change", args=[row.pk]),
        )
        for row in rows
    ]
