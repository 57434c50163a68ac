"""Pages that span apps: start page, profile, own area, style guide."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import render


def start(request):
    return render(request, "netzwerk/start.html")


def profile(request, slug):
    return render(request, "netzwerk/start.html")


@login_required
def home(request):
    return render(request, "netzwerk/start.html")


def style_guide(request):
    return render(request, "netzwerk/style_guide.html")
