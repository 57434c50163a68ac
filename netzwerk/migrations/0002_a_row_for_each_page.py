"""Every page has its row, so that the back office lists them all; empty means: the shipped text shows."""

from django.db import migrations

KEYS = ("start", "join", "contact", "imprint", "privacy", "accessibility", "easy_language", "sign_language")


def add_rows(apps, schema_editor):
    pages = apps.get_model("netzwerk", "TextPage")
    for key in KEYS:
        pages.objects.get_or_create(key=key)


class Migration(migrations.Migration):
    dependencies = [("netzwerk", "0001_pages_and_reports")]

    operations = [migrations.RunPython(add_rows, migrations.RunPython.noop)]
