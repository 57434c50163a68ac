"""The pages that are measured, and the plain page that each is held against."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Page:
    """path: "{slug}" stands for a body. floor: address of the plain page with the same content, where there is one."""

    name: str
    path: str
    floor: str = ""
    is_signed_in: bool = False

    @staticmethod
    def anew(path: str) -> str:
        """The address with a name that no page knows: whoever asks so is answered anew (core.page_cache)."""
        return f"{path}{'&' if '?' in path else '?'}neu=1"


PAGES = (
    Page("Startseite", "/"),
    Page("Verzeichnis", "/kommunen/", floor="/list/"),
    Page("Verzeichnis, gefiltert", "/kommunen/?bezirk=Detmold"),
    Page("Profil", "/kommunen/{slug}/", floor="/detail/{slug}/"),
    Page("Mein Bereich", "/intern/", is_signed_in=True),
)
