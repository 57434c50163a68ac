"""Accounts: an e-mail address that signs in by code; who the person is stands in `members.Person`."""

from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.crypto import salted_hmac

from core.history import keep_history
from users import roles
from users.roles import Office

# What counts besides the code by e-mail; a passkey is two factors at once, the device and its PIN, finger or face.
SECOND_FACTORS = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


class UserQuerySet(models.QuerySet["User"]):
    def administrators(self) -> "UserQuerySet":
        """The accounts that may care for accounts today."""
        return self.filter(is_administrator=True, is_active=True)


class UserManager(BaseUserManager.from_queryset(UserQuerySet)):  # type: ignore[misc]
    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=(username or "").lower())


class User(AbstractBaseUser):
    """An account. Nobody has a password: sign-in is a code by e-mail, staff add a second factor."""

    email = models.EmailField(
        "E-Mail-Adresse", unique=True, error_messages={"unique": "Zu dieser Adresse gibt es schon ein Konto."}
    )
    office = models.CharField(
        "Stelle",
        max_length=12,
        choices=Office,
        blank=True,
        default=Office.NONE,
        help_text="Mitarbeitende brauchen zum Anmelden einen zweiten Faktor.",
    )
    is_administrator = models.BooleanField(
        "Administrator/in", default=False, help_text="Darf Konten anlegen, ändern, einladen und sperren."
    )
    is_active = models.BooleanField(
        "aktiv", default=True, help_text="Sperren und Freischalten stehen in der Liste der Konten unter „Aktion“."
    )
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
        ]

    def __str__(self) -> str:
        return self.email

    def clean(self) -> None:
        self.email = self.email.lower()
        if self.is_only_administrator() and not (self.is_active and self.is_administrator):
            raise ValidationError(
                "Das Portal braucht mindestens eine Person, die Konten verwaltet. "
                "Machen Sie zuerst jemand anderen zur Administratorin oder zum Administrator."
            )

    def save(self, *args: Any, **kwargs: Any) -> None:
        if kwargs.get("update_fields") == ["last_login"]:
            # Django notes each sign-in this way. It is no change to the account, and its history would become a
            # record of who worked when.
            type(self).objects.filter(pk=self.pk).update(last_login=self.last_login)
            return
        if not self.password:
            self.set_unusable_password()
        super().save(*args, **kwargs)

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """Tie sessions to the address besides the stamp in `password`: a new address ends them with the next request.

        Overrides Django's one place behind get_session_auth_hash and its fallback for rotated keys.
        """
        stamp = f"{self.password}{self.email}"
        return salted_hmac("users.User.session", stamp, secret=secret, algorithm="sha256").hexdigest()

    def is_only_administrator(self) -> bool:
        """Whether the portal would have no administrator without this account."""
        return list(User.objects.administrators().values_list("pk", flat=True)[:2]) == [self.pk]

    def has_second_factor(self) -> bool:
        """Whether anything is set up that counts besides the code by e-mail."""
        return Authenticator.objects.filter(user=self, type__in=SECOND_FACTORS).exists()

    @property
    def key(self) -> str:
        """How the mail queue names this account."""
        return f"user:{self.pk}"

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

    def has_perms(self, perm_list: list[str], obj: object = None) -> bool:
        return all(self.has_perm(perm, obj) for perm in perm_list)

    def has_module_perms(self, app_label: str) -> bool:
        return roles.may_in_app(self, app_label)


class AccessInvitation(models.Model):
    """Opens an account to its person ("Zugang"); accepting is the first sign-in."""

    user = models.OneToOneField(User, models.CASCADE, verbose_name="Konto", related_name="access_invitation")
    invited_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, verbose_name="eingeladen von", related_name="+"
    )
    created_at = models.DateTimeField("eingeladen", default=timezone.now, editable=False)
    sent_at = models.DateTimeField("zuletzt geschickt", default=timezone.now, editable=False)
    accepted_at = models.DateTimeField("angenommen", null=True, blank=True, editable=False)

    history = keep_history()

    class Meta:
        verbose_name = "Zugangseinladung"
        verbose_name_plural = "Zugangseinladungen"
        ordering = ["-created_at"]

    def __str__(self):
        return str(self.user)
