"""The pages. Holds templates, template tags and static files; owns no table."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """The pages, under the label `web`."""

    name = "kinfold.service.web"
    label = "web"
