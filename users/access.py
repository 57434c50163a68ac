"""The door to an account of the staff."""

from django.http import Http404

from users.models import User


def employee_for(pk: int) -> User:
    """Return the account of somebody who works in the back office; Http404 else."""
    user = User.objects.filter(pk=pk).first()
    if user is None or not user.is_staff:
        raise Http404
    return user
