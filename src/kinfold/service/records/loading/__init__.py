"""
Taking in a delivery: batches of whole children, each one transaction, each resumable.

    resolve.py    which Person (worker, setting) a source's number stands for
    held.py       what the door wrote before
    apply.py      one batch: what is new, what changed, what is withdrawn, and its journal
    run.py        a whole delivery: batches, what the delivery no longer carries, totals
    indexing.py   what makes people findable, worked out from the facts just written
"""
