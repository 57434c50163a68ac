"""Every address of the portal and what each persona gets there. An address missing here fails the build.

One table serves three tests: who gets what (tests/netzwerk/test_addresses.py), the browser's walk over all pages
(tests/journeys/test_every_page.py) and the HTML validator (tests/netzwerk/test_html.py).
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Model
from django.urls import reverse

from core.links import token_for
from declarations.access import APPLYING
from declarations.models import Criterion
from declarations.models.criteria import SECTIONS
from mailings.access import SETTINGS, passing_on, unsubscribing
from mailings.models import Rubric
from meetings.access import ANSWERING, CHECKING_IN, OWN_PLACE, SUBSCRIBING
from members.access import CONFIRMING
from members.models import ImportKind
from tests.world import PERSONAS, World


def _nothing(world: World) -> tuple:
    return ()


@dataclass(frozen=True)
class Address:
    """A row: the URL name, its values, and the status for each persona (one number means the same for all)."""

    name: str
    status: int | tuple[int, ...]
    values: Callable[[World], dict | tuple] = _nothing
    # Queries that make the page look different: shown to browser and validator besides the plain page.
    also: tuple[str, ...] = ()
    # A download, a fragment, data for a script: no page to look at.
    is_file: bool = False

    def __str__(self):
        return self.name

    def path(self, world: World) -> str:
        values = self.values(world)
        return reverse(self.name, kwargs=values) if isinstance(values, dict) else reverse(self.name, args=values)

    def expected(self, persona: str) -> int:
        return self.status if isinstance(self.status, int) else self.status[PERSONAS.index(persona)]


def member(world: World) -> dict:
    return {"slug": world.member.slug}


def version(world: World) -> tuple:
    return (world.member.slug, world.profile.history.first().pk)


def function(world: World) -> tuple:
    return (world.contact_person.pk,)


def confirmation(world: World) -> tuple:
    return (token_for(world.confirmation, CONFIRMING),)


def by_applicant(name: str, *more: str) -> Callable[[World], tuple]:
    """The personal link to one of the world's applications: "application", "interest", "submitted"."""
    return lambda world: (token_for(getattr(world, name).applicants.first(), APPLYING), *more)


def mail(world: World) -> dict:
    return {"public_id": world.mail.public_id}


def meeting(world: World) -> tuple:
    return (world.meeting.year, world.meeting.slug)


def past(world: World) -> tuple:
    return (world.past.year, world.past.slug)


def to_head(world: World) -> tuple:
    return (token_for(world.to_head, ANSWERING),)


def own_place(name: str) -> Callable[[World], tuple]:
    return lambda world: (token_for(getattr(world, name), OWN_PLACE),)


def invitation(world: World) -> tuple:
    return (token_for(world.invited, ANSWERING),)


# --- public pages, own area, account ------------------------------------------------------------------------------

# Columns as in PERSONAS: visitor, contact, colleague, stranger, office, chancellery, administrator.
ELSEWHERE = 302  # to the sign-in, or on to where this step has its turn
SIGNED_IN = (302, 200, 200, 200, 200, 200, 200)
# Her own function; nobody else has it, staff have a page of their own.
OWN_FUNCTION = (302, 200, 404, 404, 404, 404, 404)
OWN_BODY = (302, 200, 200, 404, 404, 404, 404)
# The pages of her own body; the staff have the dossier. Buttons that act answer to POST alone.
OWN_BODY = (302, 200, 200, 404, 404, 404, 404)
OWN_BODY_ACTS = (302, 405, 405, 405, 405, 405, 405)
ONLY_VISITORS = (200, 302, 302, 302, 302, 302, 302)
# Second factor: the staff of this table have one, the contact persons do not.
WITH_FACTOR = (302, 404, 404, 404, 200, 200, 200)

UNKNOWN_FILE = "6ba7b810-9dad-11d1-80b4-00c04fd430c8"
JOINING = [
    Address("interest", 200, also=("?kommune=wettringen", "?kommune=x")),
    Address("application_questions", 200),
    Address("application_questions_file", 200, is_file=True),
    Address("joining_templates", 200, also=("?kommune=Kreis+Lippe", "?kommune=zzzzzz")),
    Address("joining_template", 200, lambda world: ("beschluss",), is_file=True),
    Address("request_application_link", 200),
    Address("application", 404, lambda world: ("a" * 52,)),
    *(Address("application", 200, by_applicant(name)) for name in ("interest", "application", "submitted")),
    *(Address("application_section", 200, by_applicant("application", section.key)) for section in SECTIONS),
    *(Address("application_section", 200, by_applicant("submitted", key)) for key in Criterion.values[:1]),
    Address("application_section", 200, by_applicant("submitted", Criterion.THANKS)),
    Address("application_section", 404, by_applicant("application", "irgendwas")),
    Address("application_file", 404, by_applicant("application", UNKNOWN_FILE), is_file=True),
    Address("confirm_application", 405, by_applicant("interest")),
    Address("submit_application", 405, by_applicant("application")),
    Address("withdraw_application", 405, by_applicant("application")),
    Address("applicant_copy", 404, by_applicant("application")),
    Address("applicant_copy", 200, by_applicant("accepted"), is_file=True),
    Address("hand_in_signed", 405, by_applicant("accepted")),
    Address("application", 200, by_applicant("accepted")),
    Address("share_application", 200, by_applicant("application")),
]

PAGES = [
    Address("start", 200),
    Address("directory", 200, also=("?q=muenstr", "?q=zzzzzz", "?art=Kreis&bezirk=Detmold", "?jahr=1900")),
    Address("municipality", 200, member),
    Address("municipality", 200, lambda world: {"slug": world.non_member.slug}),
    Address("give_hint", 200, member),
    Address("give_hint", 404, lambda world: {"slug": world.non_member.slug}),
    Address("members_csv", 200, is_file=True),
    Address("members_json", 200, is_file=True),
    Address("members_geojson", 200, is_file=True),
    Address("joinings_feed", 200, is_file=True),
    Address("preview", 200, is_file=True),
    Address("member_preview", 200, member, is_file=True),
    Address("sitemap", 200, is_file=True),
    Address("robots", 200, is_file=True),
    Address("meetings", 200, also=("?art=workshop", "?jahr=x&art=x", "?art=short")),
    Address("meeting", 200, meeting),
    Address("meeting", (404, 404, 404, 404, 200, 200, 404), lambda world: (world.draft.year, world.draft.slug)),
    Address("meeting_calendar", 200, meeting, is_file=True),
    Address("documentation", 200, past, also=("?fassung=oeffentlich", "?fassung=x")),
    Address("documentation", 404, meeting),
    Address("documentation_pdf", 200, past, is_file=True),
    Address("documentation_zip", 200, past, is_file=True),
    Address("documentation_photo", 200, lambda world: (*past(world), world.photo.public_id), is_file=True),
    Address("documentation_slides", 200, lambda world: (*past(world), world.slides.public_id), is_file=True),
    Address("meetings_calendar", 200, is_file=True),
    Address("meetings_feed", 200, is_file=True),
    Address("register", (200, 302, 200, 200, 200, 200, 200), meeting),
    *(Address("registration", 200, own_place(name)) for name in ("registration", "waiting", "guest")),
    Address("registration", 404, lambda world: ("a" * 52,)),
    Address("registration_calendar", 200, own_place("registration"), is_file=True),
    Address("own_certificate", 404, own_place("registration"), is_file=True),
    Address("participants", 200, own_place("registration")),
    Address("participants", 404, own_place("waiting")),
    Address("confirm_registration", 405, own_place("guest")),
    Address("accept_place", 405, own_place("waiting")),
    Address("cancel_registration", 405, own_place("registration")),
    Address("invitation", 200, invitation),
    Address("decline_invitation", 200, invitation),
    Address("invitation", 200, to_head, also=("?antwort=vertretung", "?antwort=x")),
    Address("invitation", 200, lambda world: (token_for(world.to_door, ANSWERING),)),
    Address("decline_invitation", 302, to_head),
    Address("invitation_paper", 200, lambda world: (*to_head(world), world.paper.pk), is_file=True),
    Address("place_paper", 404, lambda world: (*own_place("registration")(world), world.paper.pk), is_file=True),
    # The summit is nowhere public; who keeps the door or is invited herself has no account here.
    Address("meeting", (404, 404, 404, 404, 200, 200, 404), lambda world: (world.summit.year, world.summit.slug)),
    Address("register", (404, 404, 404, 404, 302, 302, 404), lambda world: (world.summit.year, world.summit.slug)),
    Address("own_calendar", 200, lambda world: (token_for(world.calendar, SUBSCRIBING),), is_file=True),
    Address("own_calendar", 404, lambda world: ("a" * 52,)),
    Address("own_meetings", SIGNED_IN),
    Address("own_registrations", SIGNED_IN),
    Address("own_registration", (302, 302, 404, 404, 404, 404, 404), lambda world: (world.registration.pk,)),
    Address("own_invitation", (302, 302, 404, 404, 404, 404, 404), lambda world: (world.own_invitation.pk,)),
    Address("subscribe_calendar", (302, 405, 405, 405, 405, 405, 405)),
    Address("search", 200, also=("?q=muenster", "?q=beitritt", "?q=zzzzzz", "?q=a")),
    Address("open_data", 200),
    Address("join", 200),
    Address("contact", 200),
    Address("imprint", 200),
    Address("privacy", 200),
    Address("accessibility", 200),
    Address("report_barrier", 200, also=("?seite=/kommunen/",)),
    Address("easy_language", 200),
    Address("declarations", 200),
    Address("declaration", 200, lambda world: (world.declaration.started_on.year,)),
    Address("declaration", 404, lambda world: (1900,)),
    Address("signatures_csv", 200, is_file=True),
    Address("sign_language", 200),
    Address("home", SIGNED_IN),
    Address("own_profiles", (302, 302, 302, 302, 200, 200, 200)),
    Address("own_profile", OWN_BODY, member),
    Address("profile_preview", OWN_BODY, member),
    Address("publish_profile", OWN_BODY_ACTS, member),
    Address("discard_draft", OWN_BODY_ACTS, member),
    Address("own_picture", OWN_BODY, member),
    Address("remove_picture", OWN_BODY_ACTS, member),
    Address("own_crest", OWN_BODY, member),
    Address("remove_crest", OWN_BODY_ACTS, member),
    Address("profile_versions", OWN_BODY, member, also=("?seite=2", "?seite=x")),
    Address("bring_back_own_profile", OWN_BODY_ACTS, lambda world: (world.member.slug, 1)),
    Address("profile_picture", 200, lambda world: (world.member.slug, world.picture.public_id), is_file=True),
    Address("colleagues", SIGNED_IN),
    Address("network", SIGNED_IN, also=("?q=rosa", "?q=zzzzzz", "?bezirk=Detmold&art=x")),
    Address("network_card", (302, 200, 200, 200, 200, 200, 404), function, is_file=True),
    Address("add_colleague", OWN_BODY, member),
    Address("change_colleague", OWN_BODY, function),
    Address("remove_colleague", (302, 302, 200, 404, 404, 404, 404), function),
    Address("make_lead", (302, 405, 405, 405, 405, 405, 405), function),
    Address("invite_colleague", (302, 405, 405, 405, 405, 405, 405), function),
    Address("give_up", OWN_FUNCTION, function),
    Address("own_confirmation", (302, 302, 404, 404, 404, 404, 404), lambda world: (world.confirmation.pk,)),
    Address("request_link", 200),
    Address("confirmation", 200, confirmation, also=("?aendern",)),
    Address("confirmation", 404, lambda world: ("a" * 52,)),
    Address("confirm_data", 405, confirmation),
    Address("renew_link", 405, confirmation),
    *JOINING,
    Address("own_data", SIGNED_IN),
    Address("own_data_file", SIGNED_IN, is_file=True),
    Address("ask_erasure", (302, 405, 405, 405, 405, 405, 405)),
    Address("stop_viewing", (302, 405, 405, 405, 405, 405, 405)),
    Address("keep_own_data", (302, 405, 405, 405, 405, 405, 405)),
    Address("choose_person", SIGNED_IN, also=("?next=/intern/",)),
    Address("account_login", ONLY_VISITORS),
    Address("account_request_login_code", ONLY_VISITORS),
    Address("account_confirm_login_code", ELSEWHERE),
    Address("account_logout", SIGNED_IN),
    Address("account_inactive", 200),
    Address("mfa_authenticate", ELSEWHERE),
    Address("mfa_reauthenticate", (302, 403, 403, 403, 200, 200, 200)),
    Address("mfa_reauthenticate_webauthn", (302, 403, 403, 403, 302, 302, 302)),
    Address("mfa_login_webauthn", ELSEWHERE),
    Address("mfa_index", SIGNED_IN),
    Address("mfa_add_webauthn", SIGNED_IN),
    Address("mfa_edit_webauthn", (302, 200, 404, 404, 404, 404, 404), lambda world: (world.passkey.pk,)),
    Address("mfa_remove_webauthn", (302, 200, 404, 404, 404, 404, 404), lambda world: (world.passkey.pk,)),
    Address("mfa_activate_totp", (302, 200, 200, 200, 302, 302, 302)),
    Address("mfa_replace_totp", (302, 302, 302, 302, 200, 200, 200)),
    Address("mfa_deactivate_totp", WITH_FACTOR),
    Address("mfa_view_recovery_codes", WITH_FACTOR),
    Address("mfa_generate_recovery_codes", SIGNED_IN),
    Address("mfa_download_recovery_codes", WITH_FACTOR, is_file=True),
    Address("change_address", SIGNED_IN),
    Address("confirm_address", ELSEWHERE),
    Address("usersessions_list", SIGNED_IN),
    Address("end_session", (302, 405, 405, 405, 405, 405, 405), lambda world: (1,)),
    Address("stay_signed_in", WITH_FACTOR, is_file=True),
    Address("healthz", 200, is_file=True),
    Address("readyz", 200, is_file=True),
    Address("security_text", 200, is_file=True),
    Address("style_guide", (302, 302, 302, 302, 200, 200, 200)),
]


# --- back office --------------------------------------------------------------------------------------------------

# Nobody outside the staff, and of the staff those whose duty it is (users/roles.py).
STAFF = (302, 302, 302, 302, 200, 200, 200)
BOTH_OFFICES = (302, 302, 302, 302, 200, 200, 403)
ADMINISTRATORS = (302, 302, 302, 302, 403, 403, 200)
NOBODY = (302, 302, 302, 302, 403, 403, 403)


def records(model: str, row: Callable[[World], Model], who, *, add=None, delete=None, versions=True) -> list[Address]:
    """The addresses of a model in the back office; adding or deleting by hand may be allowed to fewer."""

    def of_row(world: World) -> tuple:
        return (row(world).pk,)

    def of_version(world: World) -> tuple:
        return (row(world).pk, row(world).history.first().pk)

    return [
        Address(f"admin:{model}_changelist", who, also=("?q=muenster",)),
        Address(f"admin:{model}_export", who, lambda world: ("xlsx",), is_file=True),
        Address(f"admin:{model}_add", add or who),
        Address(f"admin:{model}_history", who, of_row),
        Address(f"admin:{model}_delete", delete or who, of_row),
        Address(f"admin:{model}_change", who, of_row),
        *([Address(f"admin:{model}_simple_history", who, of_version)] if versions else []),
    ]


def of_contact(world: World) -> tuple:
    return (world.contact_person.person.pk,)


ADMIN = [
    Address("heads_after_election", BOTH_OFFICES, also=("?art=stadt&alle=on", "?kreis=x", "?alle=on")),
    Address(
        "merge_persons", BOTH_OFFICES, lambda world: (world.contact_person.person.pk, world.outer_office.person.pk)
    ),
    Address("remove_employee", ADMINISTRATORS, lambda world: (world.users["office"].pk,)),
    Address("hand_over", BOTH_OFFICES, lambda world: (world.contact_person.pk,)),
    Address("leave", BOTH_OFFICES, member),
    Address("leave", BOTH_OFFICES, lambda world: {"slug": world.non_member.slug}),
    Address("admin:index", STAFF),
    Address("desk_search", STAFF, also=("?q=rosa", "?q=zzzzzz", "?q=a")),
    Address("desk_search_hits", STAFF, is_file=True),
    *records("members_municipality", lambda world: world.member, BOTH_OFFICES, add=NOBODY, delete=NOBODY),
    *records("members_membership", lambda world: world.membership, BOTH_OFFICES),
    *records("members_candidacy", lambda world: world.candidacy, BOTH_OFFICES, delete=NOBODY),
    *records("declarations_application", lambda world: world.application, BOTH_OFFICES, add=NOBODY, delete=NOBODY),
    *records("members_person", lambda world: world.contact_person.person, BOTH_OFFICES, delete=NOBODY),
    *records("members_contactperson", lambda world: world.contact_person, BOTH_OFFICES),
    *records(
        "members_confirmation",
        lambda world: world.confirmation,
        BOTH_OFFICES,
        add=NOBODY,
        delete=NOBODY,
        versions=False,
    ),
    *records("members_hint", lambda world: world.hint, BOTH_OFFICES, add=NOBODY, delete=NOBODY, versions=False),
    *records("members_headofadministration", lambda world: world.head, BOTH_OFFICES),
    *records("members_outeroffice", lambda world: world.outer_office, BOTH_OFFICES),
    *records("members_spokespersonterm", lambda world: world.spokesperson, BOTH_OFFICES),
    *records("members_profile", lambda world: world.profile, BOTH_OFFICES),
    *records("members_topic", lambda world: world.topic, BOTH_OFFICES),
    *records("users_user", lambda world: world.users["contact"], ADMINISTRATORS, delete=NOBODY),
    *records("users_accessinvitation", lambda world: world.invitation, ADMINISTRATORS, add=NOBODY, delete=NOBODY),
    *records("core_outgoingmail", lambda world: world.mail, BOTH_OFFICES, add=NOBODY, delete=NOBODY, versions=False),
    *records("core_bounce", lambda world: world.bounce, BOTH_OFFICES, add=NOBODY, delete=NOBODY, versions=False),
    *records("core_batch", lambda world: world.batch, BOTH_OFFICES, add=NOBODY, delete=NOBODY),
    *records("netzwerk_textpage", lambda world: world.page, BOTH_OFFICES, add=NOBODY, delete=NOBODY),
    Address("admin:netzwerk_textpage_preview", BOTH_OFFICES, lambda world: (world.page.pk,)),
    *records("netzwerk_barrierreport", lambda world: world.report, BOTH_OFFICES, add=NOBODY, delete=NOBODY),
    *records("members_note", lambda world: world.note, BOTH_OFFICES, add=NOBODY, delete=NOBODY),
    *records("declarations_declaration", lambda world: world.declaration, BOTH_OFFICES, delete=NOBODY),
    *records("declarations_signature", lambda world: world.signature, BOTH_OFFICES, add=NOBODY, delete=NOBODY),
    Address("view_as", BOTH_OFFICES, of_contact),
    Address("privacy_register", STAFF),
    Address("privacy_register_file", STAFF, lambda world: ("xlsx",), is_file=True),
    Address("erasure", STAFF, of_contact),
    Address("request_erasure", (302, 302, 302, 302, 405, 405, 403), of_contact),
    Address("withdraw_erasure", (302, 302, 302, 302, 405, 405, 405), of_contact),
    Address("confirm_erasure", (302, 302, 302, 302, 403, 403, 405), of_contact),
    Address("admin:login", (302, 403, 403, 403, 302, 302, 302)),
    Address("admin:logout", (302, 302, 302, 302, 405, 405, 405)),
    Address("admin:autocomplete", (302, 302, 302, 302, 403, 403, 403), is_file=True),  # asks which field
    Address("admin:jsi18n", STAFF, is_file=True),
    Address("admin:view_on_site", ELSEWHERE, lambda world: (world.member_type.pk, world.member.pk)),
    Address("admin:app_list", (302, 302, 302, 302, 200, 200, 404), lambda world: ("members",)),
]

# Our own pages in the frame of the back office (core/desk.py); buttons that act answer to POST alone.
ACTS = (302, 302, 302, 302, 405, 405, 403)

# Lists of people and members are the offices', the official directory the administrators'; of the other's kinds
# nobody sees anything.
LISTS = (302, 302, 302, 302, 200, 200, 404)
DIRECTORY = (302, 302, 302, 302, 404, 404, 200)
STAFF_ACTS = (302, 302, 302, 302, 405, 405, 405)


def sign_in_mail(world: World) -> tuple:
    return ("users.sign_in_code",)


def import_at(step: str) -> Callable[[World], tuple]:
    return lambda world: (world.runs[step].pk,)


IMPORTS = [
    Address("imports", STAFF),
    *(Address("import_start", LISTS, lambda world, kind=kind: (kind,)) for kind in list(ImportKind)[:-1]),
    Address("import_start", DIRECTORY, lambda world: (ImportKind.DIRECTORY,)),
    Address("import_template", LISTS, lambda world: (ImportKind.CONTACTS,), is_file=True),
    Address("import_run", LISTS, import_at("report"), also=("?stand=alle", "?stand=neu", "?stand=x&seite=9")),
    Address("import_run", LISTS, import_at("done")),
    Address("import_columns", LISTS, import_at("columns")),
    Address("import_bodies", LISTS, import_at("bodies")),
    Address("import_report", LISTS, import_at("report"), is_file=True),
    Address("import_file", STAFF_ACTS, import_at("report")),
    Address("import_carry_out", STAFF_ACTS, import_at("report")),
    Address("import_invite", ACTS, import_at("done")),
    Address("import_discard", STAFF_ACTS, import_at("report")),
]


def of_application(name: str, *more: str) -> Callable[[World], tuple]:
    return lambda world: (getattr(world, name).pk, *more)


REVIEW = [
    *(Address("review_application", BOTH_OFFICES, of_application(name)) for name in ("submitted", "forwarded")),
    Address("review_application", BOTH_OFFICES, of_application("application"), also=("?verlauf=x",)),
    Address("review_application", (302, 302, 302, 302, 404, 404, 403), of_application("interest")),
    Address(
        "review_file", (302, 302, 302, 302, 404, 404, 403), of_application("submitted", UNKNOWN_FILE), is_file=True
    ),
    *(
        Address(name, ACTS, of_application("submitted", Criterion.THANKS))
        for name in ("query_answer", "mark_answer_met", "mark_answer_open")
    ),
    Address("forward_application", ACTS, of_application("submitted")),
    Address("decide_application", (302, 302, 302, 302, 403, 405, 403), of_application("forwarded")),
]

# The Staatskanzlei signs for the Land.
CHANCELLERY_ACTS = (302, 302, 302, 302, 403, 405, 403)


def signature(world: World) -> tuple:
    return (world.signature.pk,)


def checked(world: World) -> tuple:
    return (world.signed.pk,)


def signing_round(world: World) -> tuple:
    return (world.round.pk,)


def entry(world: World) -> tuple:
    return (world.round.pk, world.entry.pk)


SIGNING = [
    Address("body_signing", BOTH_OFFICES, member),
    Address("body_signing", BOTH_OFFICES, lambda world: {"slug": world.non_member.slug}),
    Address("prepare_copy", ACTS, member),
    Address("add_signed_file", ACTS, member),
    Address("copy_file", BOTH_OFFICES, lambda world: (world.copy.public_id,), is_file=True),
    Address("signature", BOTH_OFFICES, signature),
    Address("signature", BOTH_OFFICES, checked),
    Address("signature_file", BOTH_OFFICES, signature, is_file=True),
    Address("certificate", BOTH_OFFICES, checked, is_file=True),
    Address("check_signature", ACTS, signature),
    Address("receive_original", ACTS, signature),
    Address("countersign", CHANCELLERY_ACTS, signature),
    Address("withdraw_signature", BOTH_OFFICES, signature),
    Address("signing_rounds", BOTH_OFFICES),
    Address("plan_round", BOTH_OFFICES),
    Address("signing_round", BOTH_OFFICES, signing_round),
    Address("print_round", BOTH_OFFICES, signing_round, is_file=True),
    Address("add_to_round", ACTS, signing_round),
    Address("add_other_to_round", ACTS, signing_round),
    Address("record_round", ACTS, signing_round),
    Address("move_up_in_round", ACTS, entry),
    Address("remove_from_round", ACTS, entry),
]


def batch(world: World) -> tuple:
    return (world.batch.pk,)


DESK = [
    *SIGNING,
    *REVIEW,
    Address("dossier", BOTH_OFFICES, member, also=("?verlauf=2", "?verlauf=x")),
    Address("dossier", BOTH_OFFICES, lambda world: {"slug": world.non_member.slug}),
    Address("profile_changes", BOTH_OFFICES, member, also=("?seite=x",)),
    Address("take_back_profile", BOTH_OFFICES, version),
    Address("profile_reviewed", ACTS, version),
    Address("bring_back_profile", ACTS, version),
    Address("write_note", ACTS, member),
    Address("change_note", (302, 302, 302, 302, 200, 404, 403), lambda world: (world.note.pk,)),
    Address("settle_hint", ACTS, lambda world: (world.hint.pk,)),
    Address("finish_note", ACTS, lambda world: (world.note.pk,)),
    Address("delete_note", ACTS, lambda world: (world.note.pk,)),
    *IMPORTS,
    Address("mail_texts", BOTH_OFFICES),
    Address("mail_text", BOTH_OFFICES, sign_in_mail, also=("?verlauf=x",)),
    Address("mail_text", (302, 302, 302, 302, 404, 404, 403), lambda world: ("netzwerk.test_mail",)),
    Address("mail_text_html", BOTH_OFFICES, sign_in_mail, is_file=True),  # in a sandbox, where axe cannot run
    Address("mail_text_txt", BOTH_OFFICES, sign_in_mail, is_file=True),
    Address("mail_text_reset", ACTS, sign_in_mail),
    Address("batch", BOTH_OFFICES, batch),
    Address("batch_state", BOTH_OFFICES, batch, is_file=True),  # a part of the page before
    *(Address(f"{verb}_batch", ACTS, batch) for verb in ("pause", "resume", "take_back", "repeat")),
    Address("mail_service", BOTH_OFFICES, also=("?verlauf=x",)),
    Address("resume_mail", ACTS),
]


def board(world: World) -> tuple:
    return (world.meeting.pk,)


def of_waiting(world: World) -> tuple:
    return (world.meeting.pk, world.waiting.pk)


def documentation(world: World) -> tuple:
    return (world.past.pk,)


def of_documentation(name: str) -> Callable[[World], tuple]:
    return lambda world: (world.past.pk, getattr(world, name).pk)


DOCUMENTATION = [
    Address("documentation_desk", BOTH_OFFICES, documentation),
    Address("documentation_desk", BOTH_OFFICES, lambda world: (world.unfinished.pk,)),
    Address("documentation_desk", BOTH_OFFICES, board),
    Address("documentation_overview", BOTH_OFFICES, documentation),
    Address("documentation_chapter", BOTH_OFFICES, lambda world: (world.past.pk, world.past.agenda.get().pk)),
    Address("documentation_preview", BOTH_OFFICES, documentation, also=("?fassung=oeffentlich", "?fassung=x")),
    Address("add_documentation_photo", BOTH_OFFICES, documentation, also=("?punkt=1", "?punkt=x")),
    Address("add_documentation_slides", BOTH_OFFICES, documentation),
    Address("add_agreement", BOTH_OFFICES, documentation),
    Address("documentation_photo_words", BOTH_OFFICES, of_documentation("photo")),
    Address("documentation_slides_words", BOTH_OFFICES, of_documentation("slides")),
    Address("change_agreement", BOTH_OFFICES, of_documentation("agreement")),
    Address("documentation_build", BOTH_OFFICES, of_documentation("build"), is_file=True),
    Address("tell_documentation", BOTH_OFFICES, documentation, also=("?wen=mitglieder", "?wen=x")),
    Address("tell_documentation", BOTH_OFFICES, board),
    *(
        Address(name, ACTS, documentation)
        for name in ("take_up_agreements", "order_documentation", "publish_documentation", "withdraw_documentation")
    ),
    Address("remove_documentation_photo", ACTS, of_documentation("photo")),
    Address("remove_documentation_slides", ACTS, of_documentation("slides")),
    Address("settle_agreement", ACTS, of_documentation("agreement")),
    Address("remove_agreement", ACTS, of_documentation("agreement")),
]

MEETINGS = [
    *DOCUMENTATION,
    *records("meetings_meeting", lambda world: world.meeting, BOTH_OFFICES, delete=NOBODY),
    *records("meetings_agendaitem", lambda world: world.item, BOTH_OFFICES),
    *records(
        "meetings_registration",
        lambda world: world.registration,
        BOTH_OFFICES,
        add=NOBODY,
        delete=NOBODY,
        versions=False,
    ),
    Address("meetings_year", BOTH_OFFICES, also=("?jahr=2030", "?jahr=x")),
    Address("meeting_board", BOTH_OFFICES, board),
    Address("meeting_board", BOTH_OFFICES, lambda world: (world.draft.pk,)),
    Address("copy_meeting", BOTH_OFFICES, board),
    Address("add_participant", BOTH_OFFICES, board),
    Address("door", BOTH_OFFICES, board),
    Address("meeting_programme", BOTH_OFFICES, board),
    Address("agenda_item", BOTH_OFFICES, lambda world: (world.item.meeting_id, world.item.pk)),
    Address("remove_agenda_item", ACTS, lambda world: (world.item.meeting_id, world.item.pk)),
    *(
        Address(f"paper_{name}", BOTH_OFFICES, board, is_file=True)
        for name in ("anwesenheitsliste", "namensschilder", "namensschilder_a6", "bescheinigungen", "essen")
    ),
    *(
        Address(f"table_{name}", BOTH_OFFICES, lambda world: (world.meeting.pk, "xlsx"), is_file=True)
        for name in ("anmeldungen", "essen")
    ),
    Address("check_in", BOTH_OFFICES, lambda world: (token_for(world.registration, CHECKING_IN),)),
    *(
        Address(name, ACTS, board)
        for name in ("announce_meeting", "call_off_meeting", "tell_change", "thank_participants")
    ),
    *(
        Address(f"participant_{name}", ACTS, of_waiting)
        for name in ("gets_place", "cancelled", "on_site", "online", "present", "absent")
    ),
]


def summit(world: World) -> tuple:
    return (world.summit.pk,)


def to_note(world: World) -> tuple:
    return (world.summit.pk, world.to_head.pk)


SUMMIT = [
    Address("meeting_board", (302, 302, 302, 302, 302, 302, 403), summit, also=("?alles=1",)),
    Address("summit_board", BOTH_OFFICES, summit),
    Address("summit_board", BOTH_OFFICES, lambda world: (world.summit_draft.pk,)),
    Address("summit_board", (302, 302, 302, 302, 404, 404, 403), board),
    Address("invite_heads", BOTH_OFFICES, lambda world: (world.summit_draft.pk,)),
    Address("remind_heads", BOTH_OFFICES, summit),
    Address("record_answer", BOTH_OFFICES, to_note, also=("?antwort=vertretung",)),
    Address("summit_papers", BOTH_OFFICES, summit),
    Address("summit_paper", BOTH_OFFICES, lambda world: (world.summit.pk, world.paper.pk), is_file=True),
    # Nobody is invited on paper here: back to the board.
    Address("summit_letters", (302, 302, 302, 302, 302, 302, 403), summit, is_file=True),
    Address("sample_letter", BOTH_OFFICES, lambda world: (world.summit.pk, world.head.pk), is_file=True),
    Address("summit_seating", BOTH_OFFICES, summit, is_file=True),
    *(
        Address(f"summit_{name}", BOTH_OFFICES, lambda world: (world.summit.pk, "xlsx"), is_file=True)
        for name in ("sitzordnung", "rueckmeldungen")
    ),
    *(Address(name, ACTS, to_note) for name in ("record_quickly", "undo_answer", "withdraw_invitation")),
    Address("remove_paper", ACTS, lambda world: (world.summit.pk, world.paper.pk)),
    Address("plan_summit_round", ACTS, summit),
    Address("fill_summit_round", ACTS, summit),
]


def mailing(name: str) -> Callable[[World], tuple]:
    return lambda world: (world.mailings[name].pk,)


def reader(world: World) -> tuple:
    return (world.mailings["draft"].pk, world.contact_person.person.pk)


def to_subscriber(purpose: str) -> Callable[[World], tuple]:
    return lambda world: (token_for(world.subscriber, purpose),)


def _passing(world: World, name: str) -> str:
    return token_for(world.subscriber, passing_on(world.mailings[name].pk))


# Written by the Geschäftsstelle, so that the others may release it.
RELEASED = (302, 302, 302, 302, 302, 302, 403)
MAILINGS = [
    *records("mailings_mailing", lambda world: world.mailings["draft"], BOTH_OFFICES, add=NOBODY, delete=NOBODY),
    Address("write_mailing", ACTS),
    Address("write_invitation", ACTS, board),
    *(Address("mailing", BOTH_OFFICES, mailing(name)) for name in ("draft", "invitation", "submitted")),
    Address("mailing", RELEASED, mailing("sent")),
    Address("mailing_html", BOTH_OFFICES, mailing("draft"), is_file=True),  # in a sandbox, where axe cannot run
    Address("mailing_txt", BOTH_OFFICES, mailing("draft"), is_file=True),
    Address("mailing_file", BOTH_OFFICES, mailing("draft"), is_file=True),
    Address("mailing_audience", BOTH_OFFICES, mailing("draft")),
    Address("mailing_audience", RELEASED, mailing("planned")),
    Address("leave_out_reader", ACTS, reader),
    Address("take_in_reader", ACTS, reader),
    *(
        Address("mailing_release", BOTH_OFFICES, mailing(name))
        for name in ("draft", "submitted", "planned", "sent", "public")
    ),
    Address("copy_mailing", ACTS, mailing("sent")),
    Address("mailing_back_to_draft", ACTS, mailing("planned")),
    Address("discard_mailing", ACTS, mailing("draft")),
    Address("public_mailings", 200, also=("?seite=x",)),
    Address("public_mailing", 200, mailing("public")),
    Address("public_mailing", 404, mailing("draft")),
    Address("public_mailing_file", 200, mailing("public"), is_file=True),
    Address("public_mailing_file", 404, mailing("archived")),
    Address("own_mailings", SIGNED_IN, also=("?seite=x",)),
    Address("own_mailing", (302, 200, 200, 200, 200, 200, 404), mailing("archived")),
    Address("own_mailing", (302, 404, 404, 404, 404, 404, 404), mailing("draft")),
    Address("own_mailing_file", (302, 200, 200, 200, 200, 200, 404), mailing("archived"), is_file=True),
    Address("own_mailing_file", (302, 404, 404, 404, 404, 404, 404), mailing("draft")),
    Address("own_mails", SIGNED_IN, also=("?seite=x",)),
    Address("own_mail", (302, 200, 404, 404, 404, 404, 404), lambda world: (world.own_mail.public_id,)),
    Address("mail_settings", SIGNED_IN),
    Address("unsubscribe", 200, to_subscriber(unsubscribing(Rubric.FUNDING))),
    Address("unsubscribe", 404, lambda world: ("a" * 52,)),
    Address("pass_on", 200, lambda world: (world.mailings["archived"].pk, _passing(world, "archived"))),
    Address("pass_on", 404, lambda world: (world.mailings["archived"].pk, _passing(world, "sent"))),
    Address("mail_settings_by_link", 200, to_subscriber(SETTINGS)),
    Address("mail_settings_by_link", 404, lambda world: ("a" * 52,)),
]

ADDRESSES = [*PAGES, *ADMIN, *DESK, *MEETINGS, *SUMMIT, *MAILINGS]
# The demonstration adds these; in no other mode do they exist.
DEMO_ADDRESSES = [
    Address("outbox", 200),
    Address("outbox_message", 200, mail),
    Address("outbox_html", 200, mail, is_file=True),  # a mail in a sandbox, where axe cannot run
    Address("outbox_source", 200, mail, is_file=True),
]
