"""The one Django application that owns tables."""

from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """Every table of the service, under the label `records`."""

    name = "kinfold.service.records"
    label = "records"
    verbose_name = "Records"
