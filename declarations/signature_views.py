"""The office's pages about signatures: the copy to sign, what came back, the check, and what is missing afterwards."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import pdf, pdf_files, pdf_signatures, uploads
from core.dates import long_date, today
from core.desk import staff_page
from declarations import documents, signature_access, signed_files, signing
from declarations.models import Declaration, Method
from declarations.signature_forms import (
    CheckForm,
    CopyForm,
    CountersignForm,
    OriginalForm,
    SignedFileForm,
    WithdrawForm,
)
from members import access as member_access


@staff_page("declarations.view_signature")
@require_safe
def body_signing(request, slug):
    """Everything about a body's signatures on one page."""
    return _body(request, member_access.municipality_for(request.user, slug))


def _body(request, municipality, copy_form=None, file_form=None):
    context = {
        "municipality": municipality,
        "declaration": Declaration.objects.in_force(),
        "copies": municipality.signing_copies.select_related("declaration"),
        "signatures": municipality.signatures.for_list(),
        "copy_form": copy_form or CopyForm(municipality=municipality),
        "file_form": file_form or SignedFileForm(),
    }
    return render(request, "declarations/body_signing.html", context)


@staff_page("declarations.add_signature")
@require_POST
def prepare_copy(request, slug):
    municipality = member_access.municipality_for(request.user, slug)
    form = CopyForm(request.POST, municipality=municipality)
    if form.is_valid():
        try:
            copy = signing.prepare_copy(municipality, signatory=form.signatory())
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, f"Exemplar für {copy.signatory} vorbereitet. Laden Sie es herunter.")
            return redirect("body_signing", slug)
    return _body(request, municipality, copy_form=form)


@staff_page("declarations.add_signature")
@require_POST
def add_signed_file(request, slug):
    """Take in what came by post or mail; the next page is its check."""
    municipality = member_access.municipality_for(request.user, slug)
    form = SignedFileForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            signature = signed_files.take_in(municipality, **form.cleaned_data)
        except ValidationError as error:
            _add_errors(form, error)
        else:
            return redirect("signature", signature.pk)
    return _body(request, municipality, file_form=form)


@staff_page("declarations.view_signingcopy")
@require_safe
def copy_file(request, public_id):
    copy = signature_access.copy_for(public_id)
    try:
        content = signing.copy_file(copy)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("body_signing", copy.municipality.slug)
    return pdf.download(content, f"Gemeinsame Erklärung {copy.body_name}")


@staff_page("declarations.view_signature")
@require_safe
def signature(request, pk):
    return _signature(request, signature_access.signature_for(pk))


def _signature(request, row, **forms):
    """One signature with the deeds that are open now; `forms` are those that were filled in wrongly."""
    validation = pdf_signatures.from_json(row.report) if row.report else None
    reports = validation.signatures if validation else ()
    context = {
        "signature": row,
        "municipality": row.municipality,
        "validation": validation,
        "reports": [(report, signed_files.time_of(report)) for report in reports],
        "is_member": row.municipality.running_membership() is not None,
        "may_countersign": signature_access.can_countersign(request.user),
        "needs_original": row.method in (Method.PAPER, Method.ROUND),
        "check_form": CheckForm(),
        "original_form": forms.get("original_form") or OriginalForm(),
        "countersign_form": forms.get("countersign_form") or CountersignForm(signature=row),
    }
    return render(request, "declarations/signature.html", context)


@staff_page("declarations.view_signature")
@require_safe
def signature_file(request, pk):
    """The file as it was sent; it does nothing in a browser (U-3)."""
    row = signature_access.signed_file_for(pk)
    content = uploads.read(row.file)
    return uploads.attachment(request, content, pdf_files.CONTENT_TYPE, f"Unterzeichnung {row.body_name}.pdf")


@staff_page("declarations.view_signature")
@require_safe
def certificate(request, pk):
    row = signature_access.certificate_for(pk)
    return pdf.download(documents.certificate(row), f"Urkunde {row.body_name}")


@staff_page("declarations.check_signature")
@require_POST
def check(request, pk):
    row = signature_access.signature_for(pk)
    form = CheckForm(request.POST)
    original_on = today() if form.is_valid() and form.cleaned_data["original_here"] else None
    joins = row.municipality.running_membership() is None
    try:
        checked = signing.check(row, by=request.user, original_on=original_on)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("signature", pk)
    begin = f" Die Mitgliedschaft von {row.municipality} besteht seit dem {checked.day_text}." if joins else ""
    messages.success(request, f"Unterschrift geprüft.{begin}")
    return redirect("signature", pk)


@staff_page("declarations.check_signature")
@require_POST
def receive_original(request, pk):
    row, form = signature_access.signature_for(pk), OriginalForm(request.POST)
    if form.is_valid() and _done(form, signing.receive_original, row, **form.cleaned_data):
        messages.success(request, "Vermerkt: Das Original liegt vor.")
        return redirect("signature", pk)
    return _signature(request, row, original_form=form)


@staff_page("declarations.countersign_signature")
@require_POST
def countersign(request, pk):
    row = signature_access.signature_for(pk)
    form = CountersignForm(request.POST, signature=row)
    if form.is_valid() and _done(form, signing.countersign, row, **form.cleaned_data):
        messages.success(request, f"Gegengezeichnet am {long_date(form.cleaned_data['on'])}.")
        return redirect("signature", pk)
    return _signature(request, row, countersign_form=form)


@staff_page("declarations.change_signature")
@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request, pk):
    row = signature_access.signature_for(pk)
    form = WithdrawForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _done(form, signing.withdraw, row, **form.cleaned_data):
        messages.success(request, "Unterzeichnung zurückgezogen. Eine richtige tragen Sie hier neu ein.")
        return redirect("body_signing", row.municipality.slug)
    return render(request, "declarations/signature_withdraw.html", {"signature": row, "form": form})


def _done(form, verb, row, **values) -> bool:
    """Do it; what the action refuses stands at its field."""
    try:
        verb(row, **values)
    except ValidationError as error:
        _add_errors(form, error)
        return False
    return True


def _add_errors(form, error: ValidationError) -> None:
    """Put the sentences at the fields they are about, others above the form."""
    parts = error.message_dict if hasattr(error, "error_dict") else {None: error.messages}
    for field, sentences in parts.items():
        form.add_error(field if field in form.fields else None, sentences)
