"""The API's application object; each resource adds its router here."""

from ninja import NinjaAPI

from kinfold import __version__

api = NinjaAPI(title="Kinfold", version=__version__, urls_namespace="api")
