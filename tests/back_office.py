"""What people do with the lists of the back office."""

import re
from html.parser import HTMLParser


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


class Form(HTMLParser):
    """Reads the fields of the form with this id, as a browser would send them: `Form("person_form").read(page)`."""

    def __init__(self, form_id):
        super().__init__()
        self.form_id, self.inside, self.select, self.textarea = form_id, False, None, None
        self.fields = {}

    def read(self, page):
        self.feed(page)
        return self.fields

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "form":
            self.inside = attrs.get("id") == self.form_id
        elif self.inside and tag == "input" and "name" in attrs and attrs.get("type") not in ("submit", "file"):
            to_tick = attrs.get("type") in ("checkbox", "radio")
            if not to_tick or "checked" in attrs:
                self.add(attrs["name"], attrs.get("value", "on" if to_tick else ""))
        elif self.inside and tag == "select":
            self.select = attrs["name"]
        elif self.inside and tag == "option" and "selected" in attrs:
            self.add(self.select, attrs["value"])
        elif self.inside and tag == "textarea":
            self.textarea = attrs["name"]
            self.add(self.textarea, "")

    def handle_data(self, data):
        if self.textarea:
            self.fields[self.textarea][-1] += data.removeprefix("\r").removeprefix("\n")  # browsers drop the first

    def handle_endtag(self, tag):
        if tag == "textarea":
            self.textarea = None
        elif tag == "form":
            self.inside = False

    def add(self, name, value):
        self.fields.setdefault(name, []).append(value)
