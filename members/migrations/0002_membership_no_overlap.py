from django.db import migrations

from members.constraints import add_overlap_guard, remove_overlap_guard


class Migration(migrations.Migration):
    dependencies = [("members", "0001_initial")]

    operations = [migrations.RunPython(add_overlap_guard, remove_overlap_guard)]
