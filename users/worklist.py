"""What administrators have to know of: invitations that nobody has accepted yet."""

from core.worklist import RUNNING, Line, counted, list_url
from users.models import AccessInvitation, User


def lines_for(user: User) -> list[Line]:
    if not user.has_perm("users.change_user"):
        return []
    return counted(
        RUNNING,
        AccessInvitation.objects.filter(accepted_at=None),
        "Konto, dessen Einladung noch nicht angenommen ist",
        "Konten, deren Einladung noch nicht angenommen ist",
        label="Ansehen",
        url=list_url("users_user", einladung="offen"),
        since="sent_at",
    )
