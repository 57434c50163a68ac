"""Meetings of all kinds, their programme, invitations and registrations."""
