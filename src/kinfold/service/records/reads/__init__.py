"""
Reading the record. Every read starts from the reader: nothing here answers without one.

    reader.py   who is reading: their roles, reach, grants; which persons may stand in their lists
    person.py   one child's whole record, as known at a moment, masked as the reader may see it
    search.py   finding people
    lists.py    caseload, team, tonight, and lists built over declared kinds
"""
