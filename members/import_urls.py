from django.urls import path, register_converter

from members import import_views as views
from members.models import ImportKind


class KindConverter:
    """A kind of list in the address."""

    regex = "|".join(ImportKind.values)

    def to_python(self, value):
        return ImportKind(value)

    def to_url(self, value):
        return str(value)


register_converter(KindConverter, "import_kind")

urlpatterns = [
    path("", views.overview, name="imports"),
    path("<import_kind:kind>/", views.start, name="import_start"),
    path("<import_kind:kind>/vorlage.xlsx", views.empty_list, name="import_template"),
    path("<int:pk>/", views.run, name="import_run"),
    path("<int:pk>/spalten/", views.columns, name="import_columns"),
    path("<int:pk>/kommunen/", views.bodies, name="import_bodies"),
    path("<int:pk>/bericht.xlsx", views.report_file, name="import_report"),
    path("<int:pk>/datei/", views.replace_file, name="import_file"),
    path("<int:pk>/einlesen/", views.carry_out, name="import_carry_out"),
    path("<int:pk>/einladen/", views.invite, name="import_invite"),
    path("<int:pk>/verwerfen/", views.discard, name="import_discard"),
]
