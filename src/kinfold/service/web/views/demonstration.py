"""The page of personas: in the demonstration it stands in the place of signing in, and nowhere else."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import login
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect, render

from kinfold.service.records.reads.personas import persona, personas_shown
from kinfold.service.web.page import page
from kinfold.terms.errors import NotPermitted


@page("personas")
def personas(request: HttpRequest) -> HttpResponseBase:
    """Show who one can be, and become one of them. Answers "not found" outside the demonstration."""
    if not settings.DEMO:
        raise NotPermitted("There is nothing here.")
    if request.method == "POST":
        login(request, persona(request.POST.get("who", "")), "django.contrib.auth.backends.ModelBackend")
        return redirect("home")
    return render(request, "pages/personas.html", {"groups": personas_shown()})
