"""
Other organisations' systems: the client by which one pulls work from Kinfold, and invented ones for the demonstration.

    client.py     the reference client: tokens, claiming, renewing, answering, giving a record
    answering.py  what a custodian's program does with it: one round after another, whatever goes wrong
    local.py      an organisation's own system: whom it knows, how it knows them again, when it is down
    children.py   invented children as six organisations know them, each in its own way
    records.py    what each of them wrote down, in its published form
    running.py    all six on this machine, for the demonstration and tests
"""
