"""Where somebody is signed in, in words a reader knows: "Firefox unter Windows" instead of the browser's own line."""

from django import template

register = template.Library()

# In this order: each browser also bears the names of those it wants to be taken for.
_BROWSERS = {"Edg": "Edge", "OPR": "Opera", "Firefox": "Firefox", "Chrome": "Chrome", "Safari": "Safari"}
_SYSTEMS = {
    "Windows": "Windows",
    "Android": "Android",
    "iPhone": "iOS",
    "iPad": "iOS",
    "Mac OS": "macOS",
    "CrOS": "ChromeOS",
    "Linux": "Linux",
}


@register.filter
def device(user_agent: str) -> str:
    """Return browser and system of a User-Agent line, as far as they are known."""
    browser = next((name for mark, name in _BROWSERS.items() if mark in user_agent), "Unbekannter Browser")
    system = next((name for mark, name in _SYSTEMS.items() if mark in user_agent), "")
    return f"{browser} unter {system}" if system else browser
