"""The children in need census: one XML file for a council and a year."""

from kinfold.files.cin_census.reader import looks_like_cin_census, open_cin_census
from kinfold.files.recognise import Door

DOOR = Door(
    name="cin_census",
    label="Children in need census (XML)",
    expects="an XML file whose first element is Message, with Children in it",
    looks_like=looks_like_cin_census,
    open=open_cin_census,
)
