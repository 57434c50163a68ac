"""An application by personal link: where it stands, its sections, files, colleagues, submitting, withdrawing."""

from functools import wraps

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from core import history, pdf
from core.links import by_link
from declarations import access, applying, signing
from declarations.application_forms import ColleagueForm, FileForm, WithdrawForm, forms_for
from declarations.evidence import send_attachment
from declarations.models import ApplicationState, Criterion
from declarations.models.criteria import BY_KEY, SECTIONS
from declarations.progress import overview
from declarations.signature_forms import SignedFileForm
from members.confirmation_forms import AddressForm
from members.publishing import ChangedMeanwhileError

_page = require_http_methods(["GET", "HEAD", "POST"])


def _with_applicant(view):
    """Give the view the person whose link this is; one that leads nowhere meets a page that helps her on."""

    @by_link
    @wraps(view)
    def found(request, token, **kwargs):
        applicant = access.applicant_for(token)
        if applicant is None:
            context = {"form": AddressForm(), "gone": True}
            return render(request, "declarations/new_link.html", context, status=404)
        return view(request, applicant, token, **kwargs)

    return found


@require_safe
@_with_applicant
def application(request, applicant, token):
    """Where it stands and what comes next; before it is confirmed, the one button that begins it."""
    if applicant.application.state == ApplicationState.REQUESTED:
        refusal = applying.refusal(applicant.application.municipality)
        context = {"applicant": applicant, "token": token, "refusal": refusal}
        return render(request, "declarations/confirm.html", context)
    return _status_page(request, applicant, token)


def _status_page(request, applicant, token, *, signed_form=None):
    context = {
        "applicant": applicant,
        "application": applicant.application,
        "token": token,
        "form": WithdrawForm(),
        "signed_form": signed_form or SignedFileForm(),
        **overview(applicant.application),
    }
    return render(request, "declarations/application.html", context)


@require_safe
@_with_applicant
def signing_copy(request, applicant, token):
    """The declaration to sign, prepared for who signs; made on first asking, the same ever after."""
    copy = access.copy_for(applicant.application)
    try:
        content = signing.copy_file(copy)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("application", token)
    return pdf.download(content, f"gemeinsame-erklaerung-{applicant.application.municipality.slug}")


@require_POST
@_with_applicant
def hand_in(request, applicant, token):
    """The signed declaration comes back."""
    access.copy_for(applicant.application)
    form = SignedFileForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            applying.hand_in(applicant, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, "Vielen Dank, die unterzeichnete Erklärung ist angekommen.")
            return redirect("application", token)
    return _status_page(request, applicant, token, signed_form=form)


@require_POST
@_with_applicant
def confirm(request, applicant, token):
    return _do(request, token, "Der Antrag ist begonnen. Alles wird laufend gespeichert.", applying.confirm, applicant)


@require_POST
@_with_applicant
def submit(request, applicant, token):
    return _do(request, token, "Vielen Dank, der Antrag ist eingereicht.", applying.submit, applicant)


@require_POST
@_with_applicant
def withdraw(request, applicant, token):
    form = WithdrawForm(request.POST)
    if not form.is_valid():
        messages.error(request, " ".join(form.errors["reason"]))
        return redirect("application", token)
    done = "Der Antrag ist zurückgezogen. Alle, die mitgewirkt haben, bekommen eine E-Mail."
    return _do(request, token, done, applying.withdraw, applicant, **form.cleaned_data)


def _do(request, token, done, verb, *args, **kwargs):
    """Do it, say so or why not, and show where the application stands."""
    try:
        verb(*args, **kwargs)
    except ValidationError as error:
        for sentence in error.messages:
            messages.error(request, sentence)
    else:
        messages.success(request, done)
    return redirect("application", token)


@_page
@_with_applicant
def section(request, applicant, token, key):
    """One section; whatever button is pressed, what was typed is kept first."""
    access.section_for(key)
    application = applicant.application
    if not application.is_confirmed:
        return redirect("application", token)
    rows = applying.rows_of(application, key)
    if request.method != "POST" or not application.may_edit(key):
        if request.method == "POST":
            messages.error(request, applying.NO_LONGER)
        return _section_page(request, applicant, token, key, forms_for(key, rows))
    forms = forms_for(key, rows, request.POST)
    try:
        applying.save(applicant, key, [form.storable for form in forms], _seen(request, rows))
    except ChangedMeanwhileError as error:
        if "quietly" in request.POST:
            return HttpResponse(status=409)
        return _section_page(request, applicant, token, key, forms, news=error.news)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("application", token)
    return _saved(request, applicant, token, key, forms)


def _seen(request, rows) -> list[int]:
    """The versions that the form showed; what is no number was never shown."""
    given = request.POST.get("seen", "").split(",")
    numbers = [int(part) if part.isascii() and part.isdecimal() and len(part) < 19 else 0 for part in given]
    return (numbers + [0] * len(rows))[: len(rows)]


def _versions(rows) -> str:
    return ",".join(str(history.version_of(type(row), row.pk)) for row in rows)


def _saved(request, applicant, token, key, forms):
    """On with what she wanted besides; what could not be kept stays in the form, with what is wrong beside it."""
    wrong = any(form.errors for form in forms)
    if "quietly" in request.POST:  # static/js/draft.js
        seen = _versions([form.row for form in forms])
        return HttpResponse(status=422 if wrong else 204, headers={"X-Seen": seen})
    if "upload" in request.POST:
        return _upload(request, applicant, token, key, forms)
    if "remove" in request.POST:
        return _remove(request, applicant, token, key)
    if wrong:
        return _section_page(request, applicant, token, key, forms)
    if "answer" in request.POST:
        done = "Danke, Ihre Antwort ist bei der Geschäftsstelle."
        return _do(request, token, done, applying.answer_query, applicant, key)
    messages.success(request, f"„{BY_KEY[key].title}“ ist gespeichert.")
    following = _next(key) if "next" in request.POST else None
    return redirect("application_section", token, following) if following else redirect("application", token)


def _next(key: str) -> str | None:
    keys = [section.key for section in SECTIONS]
    return next(iter(keys[keys.index(key) + 1 :]), None)


def _upload(request, applicant, token, key, forms):
    file_form = FileForm(request.POST, request.FILES)
    if file_form.is_valid():
        try:
            attachment = applying.attach(applicant, key, file_form.cleaned_data["file"])
        except ValidationError as error:
            file_form.add_error("file", error)
        else:
            messages.success(request, f"„{attachment.name}“ ist hochgeladen.")
            return redirect("application_section", token, key)
    return _section_page(request, applicant, token, key, forms, file_form=file_form)


def _remove(request, applicant, token, key):
    attachment = next(
        (row for row in applicant.application.attachments.all() if str(row.public_id) == request.POST["remove"]), None
    )
    if attachment:
        try:
            applying.detach(applicant, attachment)
        except ValidationError as error:
            messages.error(request, " ".join(error.messages))
        else:
            messages.success(request, f"„{attachment.name}“ ist entfernt.")
    return redirect("application_section", token, key)


def _section_page(request, applicant, token, key, forms, *, news=None, file_form=None):
    application = applicant.application
    rows = applying.rows_of(application, key)
    context = {
        "application": application,
        "token": token,
        "section": BY_KEY[key],
        "forms": forms,
        "rows": rows,
        "answer": rows[0] if key in Criterion.values else None,
        "seen": _versions(rows),
        "editable": application.may_edit(key),
        "attachments": application.attachments.filter(section=key),
        "file_form": file_form or FileForm(),
        "news": news,
        "wrong": next((form for form in (*forms, file_form) if form and form.errors), None),
        "following": _next(key),
    }
    return render(request, "declarations/section.html", context)


@require_safe
@_with_applicant
def attachment(request, applicant, token, public_id):
    """A file of the application, for those who work on it."""
    return send_attachment(request, access.attachment_for(applicant.application, public_id))


@_page
@_with_applicant
def share(request, applicant, token):
    """Bring a colleague in."""
    form = ColleagueForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            colleague = applying.share(applicant, **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, f"{colleague.name} bekommt einen eigenen Link per E-Mail.")
            return redirect("application", token)
    context = {"application": applicant.application, "token": token, "form": form}
    return render(request, "declarations/share.html", context)
