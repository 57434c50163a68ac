"""Accounts: an e-mail address that signs in by code; who the person is stands in `members.Person`."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone

from core.history import keep_history
from users import roles
from users.roles import Office


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username):
        return self.get(email=username.lower())


class User(AbstractBaseUser):
    """An account. Nobody has a password: sign-in is a code by e-mail, staff add a second factor."""

    email = models.EmailField("E-Mail-Adresse", unique=True, error_messages={"unique": "Zu dieser Adresse gibt es schon ein Konto."})
    office = models.CharField("Stelle", max_length=12, choices=Office, blank=True, default=Office.NONE)
    is_administrator = models.BooleanField("Administrator/in", default=False, help_text="Darf Konten anlegen und sperren.")
    is_active = models.BooleanField("aktiv", default=True, help_text="Abschalten sperrt das Konto sofort, auch in offenen Sitzungen.")
    created_at = models.DateTimeField("angelegt", default=timezone.now, editable=False)

    history = keep_history(excluded_fields=["last_login", "password"])
    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []

    class Meta:
        verbose_name = "Konto"
        verbose_name_plural = "Konten"
        ordering = ["email"]
        constraints = [
            models.CheckConstraint(
                condition=Q(email=Lower("email")),
                name="user_email_lower",
                violation_error_message="Schreiben Sie die Adresse in Kleinbuchstaben.",
            )
        ]  # fmt: skip

    def __str__(self):
        return self.email

    def clean(self):
        self.email = self.email.lower()

    def save(self, *args, **kwargs):
        if not self.password:
            self.set_unusable_password()
        super().save(*args, **kwargs)

    @property
    def is_staff(self) -> bool:
        """Whether the account may enter the back office (Django's admin asks this)."""
        return bool(roles.roles_of(self))

    @property
    def is_superuser(self) -> bool:
        """Nobody is: rights follow from the table of roles alone."""
        return False

    def has_perm(self, perm: str, obj: object = None) -> bool:
        return roles.may(self, perm)

    def has_perms(self, perm_list, obj=None) -> bool:
        return all(self.has_perm(perm, obj) for perm in perm_list)

    def has_module_perms(self, app_label: str) -> bool:
        return roles.may_in_app(self, app_label)


class AccessInvitation(models.Model):
    """Opens an account to its person ("Zugang"); accepting is the first sign-in."""

    user = models.OneToOneField(User, models.CASCADE, verbose_name="Konto", related_name="access_invitation")
    invited_by = models.ForeignKey(User, models.SET_NULL, null=True, blank=True, verbose_name="eingeladen von", related_name="+")
    created_at = models.DateTimeField("eingeladen", default=timezone.now, editable=False)
    accepted_at = models.DateTimeField("angenommen", null=True, blank=True, editable=False)

    history = keep_history()

    class Meta:
        verbose_name = "Zugangseinladung"
        verbose_name_plural = "Zugangseinladungen"
        ordering = ["-created_at"]

    def __str__(self):
        return str(self.user)
