"""Accounts: signing in, second factor, sessions."""

from tests.addresses_of.rows import ADMINISTRATORS, ELSEWHERE, NOBODY, SIGNED_IN, Address, records

ONLY_VISITORS = (200, 302, 302, 302, 302, 302, 302)

# Second factor: the staff of this table have one, the contact persons do not.
WITH_FACTOR = (302, 404, 404, 404, 200, 200, 200)

PAGES = [
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
]

DESK = [
    *records("users_user", lambda world: world.users["contact"], ADMINISTRATORS, delete=NOBODY),
    *records("users_accessinvitation", lambda world: world.invitation, ADMINISTRATORS, add=NOBODY, delete=NOBODY),
]
