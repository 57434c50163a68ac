"""Makes versions of the declaration, copies and signatures for tests."""

import datetime
import hashlib

import factory
from django.core.files.base import ContentFile
from django.utils import timezone
from factory.django import DjangoModelFactory

from declarations.models import Declaration, Method, Signature, SigningCopy
from tests.factories import MunicipalityFactory


class DeclarationFactory(DjangoModelFactory):
    title = "Gemeinsame Erklärung"
    text = "Wir wollen **gemeinsam** handeln.\n\n- Wir lernen voneinander."
    started_on = datetime.date(2017, 12, 6)
    land_name = "Lia Muster"
    land_office = "Staatssekretärin für Beispiele"
    land_authority = "Staatskanzlei des Landes Nordrhein-Westfalen"
    cosigners = "Landkreistag Nordrhein-Westfalen\nStädtetag Nordrhein-Westfalen"

    class Meta:
        model = Declaration
        django_get_or_create = ("started_on",)


class SigningCopyFactory(DjangoModelFactory):
    declaration = factory.SubFactory(DeclarationFactory)
    municipality = factory.SubFactory(MunicipalityFactory)
    body_name = factory.LazyAttribute(lambda copy: copy.municipality.name_in_letter)
    signatory_name = "Ada Beispiel"
    signatory_office = "Bürgermeisterin"

    class Meta:
        model = SigningCopy


class SignatureFactory(DjangoModelFactory):
    """Recorded and not checked yet; with checked=True it counts."""

    municipality = factory.SubFactory(MunicipalityFactory)
    declaration = factory.SubFactory(DeclarationFactory)
    body_name = factory.LazyAttribute(lambda signature: signature.municipality.name_in_letter)
    text_sha256 = factory.LazyAttribute(lambda signature: signature.declaration.text_sha256)
    signatory_name = "Ada Beispiel"
    signatory_office = "Bürgermeisterin"
    method = Method.PAPER
    signed_on = datetime.date(2026, 3, 1)
    place = "Rheine"

    class Meta:
        model = Signature

    class Params:
        checked = factory.Trait(checked_at=factory.LazyFunction(timezone.now), checked_by_name="Office")
        scanned = factory.Trait(
            file=factory.LazyFunction(lambda: ContentFile(b"%PDF-1.7 scan", "scan.pdf")),
            file_sha256=hashlib.sha256(b"%PDF-1.7 scan").hexdigest(),
        )
