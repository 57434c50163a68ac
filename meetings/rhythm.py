"""The year of the network: what is planned of each kind, and what its rhythm still lacks."""

from dataclasses import dataclass

from meetings.models import Meeting, MeetingKind

# Two Netzwerktreffen and one Spitzentreffen a year; workshops and short formats as they come, at least one.
RHYTHM = {MeetingKind.NETWORK: 2, MeetingKind.SUMMIT: 1, MeetingKind.WORKSHOP: 1, MeetingKind.SHORT: 1}


@dataclass(frozen=True)
class Part:
    """One kind in a year: its meetings in order, those called off left out, and how many are wanted."""

    kind: MeetingKind
    meetings: list[Meeting]
    wanted: int

    @property
    def missing(self) -> int:
        return max(0, self.wanted - len(self.meetings))

    @property
    def remark(self) -> str:
        """What is missing in words, "" if nothing."""
        if not self.missing:
            return ""
        return "fehlt noch" if self.missing == self.wanted == 1 else f"{self.missing} von {self.wanted} fehlen noch"


def year(number: int) -> list[Part]:
    """Return the parts of a year, drafts included, by one query."""
    held = Meeting.objects.filter(year=number).exclude(state="cancelled").order_by("begins_at")
    rows = list(held)
    return [
        Part(kind, [row for row in rows if row.kind == kind], RHYTHM.get(kind, 0))
        for kind in MeetingKind
        if kind in RHYTHM or any(row.kind == kind for row in rows)
    ]
