"""The workbook of lists that a council prepares for Ofsted's inspectors (Annex A of the inspection framework)."""

from kinfold.files.annex_a.reader import looks_like_annex_a, open_annex_a
from kinfold.files.recognise import Door

DOOR = Door(
    name="annex_a",
    label="Annex A, the lists for inspectors (workbook)",
    expects="an .xlsx workbook with one or more of the eleven lists, a sheet each",
    looks_like=looks_like_annex_a,
    open=open_annex_a,
)
