"""The addresses of the project's own documents. Their rules are in access/routes_documents.toml."""

from django.urls import path

from kinfold.service.web.views import documents

urlpatterns = [
    path("documents/", documents.documents, name="documents"),
    path("documents/<path:name>/", documents.document, name="document"),
    path("what-kinfold-does-not-hold/", documents.not_held, name="not_held"),
    path("your-information/", documents.privacy, name="privacy"),
]
