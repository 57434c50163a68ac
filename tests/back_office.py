"""What people do with the lists of the back office."""

import re


def choose(client, url, action, *rows):
    """Tick rows of a list and press "Ausführen"; return the page that follows: where it asks, the question."""
    data = {"index": 0, "action": action, "_selected_action": [row.pk for row in rows]}
    return client.post(url, data, follow=True)


def confirm(client, question):
    """Press the button of the question with exactly what its form holds; return the page that follows."""
    _, _, page = question.content.decode().partition('class="confirm-action"')
    url = re.search(r'<form method="post" action="([^"]+)"', page)[1]
    fields = dict(re.findall(r'<input type="hidden" name="(?!csrf)(\w+)" value="([^"]*)"', page))
    return client.post(url.replace("&amp;", "&"), fields, follow=True)


def choose_and_confirm(client, url, action, *rows):
    """Do both, as somebody who knows what she wants; return the page that follows."""
    return confirm(client, choose(client, url, action, *rows)).content.decode()
