"""The addresses that monitoring asks. Their rules are in access/routes_operations.toml."""

from django.urls import path

from kinfold.service.web.views import metrics

urlpatterns = [
    path("healthz", metrics.healthz, name="healthz"),
    path("readyz", metrics.readyz, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
]
