import pytest

from users.templatetags.devices import device

_SAFARI = "AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Safari/605.1.15"
_CHROME = "AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Safari/537.36"


@pytest.mark.parametrize(
    ("user_agent", "words"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Firefox/128.0", "Firefox unter Windows"),
        (f"Mozilla/5.0 (Windows NT 10.0; Win64; x64) {_CHROME} Edg/140.0.0.0", "Edge unter Windows"),
        (f"Mozilla/5.0 (Linux; Android 15; Pixel 9) {_CHROME}", "Chrome unter Android"),
        (f"Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) {_SAFARI}", "Safari unter macOS"),
        (f"Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) {_SAFARI}", "Safari unter iOS"),
        (f"Mozilla/5.0 (X11; Linux x86_64) {_CHROME}", "Chrome unter Linux"),
        ("curl/8.5.0", "Unbekannter Browser"),
        ("", "Unbekannter Browser"),
    ],
)
def test_browsers_are_told_in_words(user_agent, words):
    assert device(user_agent) == words
