"""The addresses of the Files pages. Their rules are in access/routes_loads.toml."""

from django.urls import path

from kinfold.service.web.views import loads

urlpatterns = [
    path("files/", loads.loads, name="loads"),
    path("files/<int:number>/", loads.load, name="load"),
    path("files/<int:number>/go-on/", loads.go_on, name="load_go_on"),
    path("files/<int:number>/confirm/", loads.confirm, name="load_confirm"),
    path("files/<int:number>/again/", loads.again, name="load_again"),
    path("files/<int:number>/take-back/", loads.take_back, name="load_take_back"),
    path("files/<int:number>/quarantine/", loads.rows, name="load_rows"),
    path("files/<int:number>/quarantine.<str:form>", loads.rows_file, name="load_rows_file"),
    path("files/<int:number>/quarantine/<int:row>/", loads.row, name="load_row"),
]
