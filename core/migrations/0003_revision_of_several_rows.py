from django.db import migrations


def forget_the_single_row(apps, schema_editor):
    """It was stored under a number of its own, which PostgreSQL would give to the next row once more."""
    apps.get_model("core", "Revision").objects.all().delete()


class Migration(migrations.Migration):

    dependencies = [
        ("core", "0002_mail_text"),
    ]

    operations = [migrations.RunPython(forget_the_single_row, forget_the_single_row)]
