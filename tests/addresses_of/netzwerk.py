"""Pages that span apps, the back office itself, and what serves machines."""

from tests.addresses_of.rows import (
    ACTS,
    ADMINISTRATORS,
    BOTH_OFFICES,
    ELSEWHERE,
    NOBODY,
    OWN_BODY,
    SIGNED_IN,
    STAFF,
    Address,
    board,
    function,
    member,
    records,
    summit,
)
from tests.world import World


def version(world: World) -> tuple:
    return (world.member.slug, world.profile.history.first().pk)


def mail(world: World) -> dict:
    return {"public_id": world.mail.public_id}


# Her own function; nobody else has it, staff have a page of their own.
OWN_FUNCTION = (302, 200, 404, 404, 404, 404, 404)

OWN_BODY_ACTS = (302, 405, 405, 405, 405, 405, 405)


def of_contact(world: World) -> tuple:
    return (world.contact_person.person.pk,)


def sign_in_mail(world: World) -> tuple:
    return ("users.sign_in_code",)


def batch(world: World) -> tuple:
    return (world.batch.pk,)


PAGES = [
    Address("start", 200),
    Address("municipality", 200, member),
    Address("municipality", 200, lambda world: {"slug": world.non_member.slug}),
    Address("sitemap", 200, is_file=True),
    Address("robots", 200, is_file=True),
    Address("search", 200, also=("?q=muenster", "?q=beitritt", "?q=zzzzzz", "?q=a")),
    Address("join", 200),
    Address("contact", 200),
    Address("imprint", 200),
    Address("privacy", 200),
    Address("accessibility", 200),
    Address("report_barrier", 200, also=("?seite=/kommunen/",)),
    Address("easy_language", 200),
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
    Address("give_up", OWN_FUNCTION, function),
    Address("own_data", SIGNED_IN),
    Address("own_data_file", SIGNED_IN, is_file=True),
    Address("ask_erasure", (302, 405, 405, 405, 405, 405, 405)),
    Address("stop_viewing", (302, 405, 405, 405, 405, 405, 405)),
    Address("keep_own_data", (302, 405, 405, 405, 405, 405, 405)),
    Address("choose_person", SIGNED_IN, also=("?next=/intern/",)),
    Address("healthz", 200, is_file=True),
    Address("readyz", 200, is_file=True),
    Address("security_text", 200, is_file=True),
    Address("style_guide", (302, 302, 302, 302, 200, 200, 200)),
]

DESK = [
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
    *records("core_outgoingmail", lambda world: world.mail, BOTH_OFFICES, add=NOBODY, delete=NOBODY, versions=False),
    *records("core_bounce", lambda world: world.bounce, BOTH_OFFICES, add=NOBODY, delete=NOBODY, versions=False),
    *records("core_batch", lambda world: world.batch, BOTH_OFFICES, add=NOBODY, delete=NOBODY),
    *records("netzwerk_textpage", lambda world: world.page, BOTH_OFFICES, add=NOBODY, delete=NOBODY),
    Address("admin:netzwerk_textpage_preview", BOTH_OFFICES, lambda world: (world.page.pk,)),
    *records("netzwerk_barrierreport", lambda world: world.report, BOTH_OFFICES, add=NOBODY, delete=NOBODY),
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
    Address("dossier", BOTH_OFFICES, member, also=("?verlauf=2", "?verlauf=x")),
    Address("dossier", BOTH_OFFICES, lambda world: {"slug": world.non_member.slug}),
    Address("profile_changes", BOTH_OFFICES, member, also=("?seite=x",)),
    Address("take_back_profile", BOTH_OFFICES, version),
    Address("profile_reviewed", ACTS, version),
    Address("bring_back_profile", ACTS, version),
    Address("write_note", ACTS, member),
    Address("change_note", (302, 302, 302, 302, 200, 404, 403), lambda world: (world.note.pk,)),
    Address("finish_note", ACTS, lambda world: (world.note.pk,)),
    Address("delete_note", ACTS, lambda world: (world.note.pk,)),
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
    Address("summit_board", BOTH_OFFICES, summit),
    Address("summit_board", BOTH_OFFICES, lambda world: (world.summit_draft.pk,)),
    Address("summit_board", (302, 302, 302, 302, 404, 404, 403), board),
    Address("plan_summit_round", ACTS, summit),
    Address("fill_summit_round", ACTS, summit),
]

# The demonstration adds these; in no other mode do they exist.
DEMO = [
    Address("outbox", 200),
    Address("outbox_message", 200, mail),
    Address("outbox_html", 200, mail, is_file=True),  # a mail in a sandbox, where axe cannot run
    Address("outbox_source", 200, mail, is_file=True),
]
