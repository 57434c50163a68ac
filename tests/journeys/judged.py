"""What axe cannot decide by itself, judged once by a person: the rule, where, and why it is no fault."""

import re
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True)
class Judgement:
    """rule: axe's name; why: what it says, about what it could not find out or found wrong; where: a pattern of how the
    element's HTML begins; by: what the other element's HTML holds, needed where axe is sure of a violation."""

    rule: str
    why: str
    where: str
    reason: str
    by: str = ""


JUDGED = (
    Judgement(
        "color-contrast", "partially obscured by another element", '<(td|th|caption|strong|p|a href="#)',
        "Cells and title of a wide table, and the dossier's links, scroll in their own frame: cut off, not covered.",
    ),
    Judgement(
        "color-contrast", "partially obscured by another element",
        '<(summary|bdi|span class="muted"|button class="row-deed"|a href="(/verwaltung|tel:))',
        "The same, of a summit's lists: links, names and what unfolds in a cell.",
    ),
    Judgement(
        "color-contrast", "due to a background image",
        r'<(li class="(warning|success)"|a href="[^"]*" class="\w+link")',
        "The stock admin's small picture stands beside the words, never behind them.",
    ),
    Judgement(
        "color-contrast", "element contains an image node", '<text class="growth__text',
        "Words of a drawing on the page's own ground; the same figures stand in the table below it.",
    ),
    Judgement(
        "color-contrast", "overlapped by another element", '<text class="growth__text',
        "The line ends below the figure that names its height.",
    ),
    Judgement(
        "color-contrast", "overlap", "<(p|li|a)\\b",
        "Shapes of the map reach beyond its window and are cut off there; nothing of them is seen over the words.",
    ),
    Judgement(
        "color-contrast", "Element", '<(span class="quick-search__line"|button)',
        "The open list of hits lies over the page, on a ground of its own in the page's colours; a letter closes it.",
    ),
    Judgement(
        "target-size", "insufficient s", "<(a|button)\\b",
        "Covered only as long as the list of hits is open over the page.",
        by='class="quick-search',
    ),
    Judgement(
        "color-contrast", "too short to determine", "<(text|td)\\b",
        "Figures of one digit, in the colours of the longer ones beside them.",
    ),
    Judgement(
        "target-size", "insufficient s", "<a\\b",
        "Shapes of the map reach beyond its window and are cut off there; no finger meets them over a link.",
        by='class="map__area',
    ),
    Judgement(
        "target-size", "insufficient space to its closest neighbors", '<input class="select2-search__field"',
        "The input lies within its own field, which is one target and larger than 24 px.",
    ),
    Judgement(
        "frame-tested", "still has to be tested", '<iframe class="mail-frame"',
        "A message without script in a sandbox, where axe may not run. Its HTML has tests of its own (core letters).",
    ),
)  # fmt: skip


def open_questions(incomplete: list[dict]) -> Iterator[tuple[str, dict, str]]:
    """Yield rule, element and axe's words for every result that nobody has judged."""
    for result in incomplete:
        for node in result["nodes"]:
            for check in node["any"] + node["all"] + node["none"]:
                known = [one for one in JUDGED if not one.by]
                if not any(_covers(judgement, result["id"], node, check["message"]) for judgement in known):
                    yield result["id"], node, check["message"]


def faults(violation: dict) -> list[dict]:
    """Return the elements of a violation, but for those of which each finding is judged."""
    return [
        node
        for node in violation["nodes"]
        if not all(_is_judged(violation["id"], node, check) for check in node["any"] + node["all"] + node["none"])
    ]


def _is_judged(rule: str, node: dict, check: dict) -> bool:
    others = [other["html"] for other in check["relatedNodes"]]
    return any(
        judgement.by and others and all(judgement.by in other for other in others)
        for judgement in JUDGED
        if _covers(judgement, rule, node, check["message"])
    )


def _covers(judgement: Judgement, rule: str, node: dict, why: str) -> bool:
    fits = re.match(judgement.where, node["html"]) is not None
    return judgement.rule == rule and judgement.why in why and fits
