"""The Standard Safeguarding Dataset: a folder or archive of CSV files, a table a file."""

from kinfold.files.recognise import Door
from kinfold.files.standard_safeguarding_dataset.layout import TABLES
from kinfold.files.standard_safeguarding_dataset.reader import looks_like_dataset, open_dataset

DOOR = Door(
    name="standard_safeguarding_dataset",
    label="Standard Safeguarding Dataset (CSV)",
    expects="CSV files, a table each, with the dataset's field names in the first row",
    looks_like=looks_like_dataset,
    open=open_dataset,
    a_set=True,
    tables={name: table.names for name, table in TABLES.items()},
)
