"""
The national demographic service (the Personal Demographics Service of the NHS, FHIR R4): asking it who a child is.

    search.py    one question to the service, and whether the service would refuse it
    plans.py     which questions are asked in turn: Kinfold's own plan and the pilot's five strategies
    patient.py   what comes back
    token.py     an access token for an assertion signed with our key
    budget.py    the questions a second that all workers have together
    breaker.py   leaves the service alone for a while when it does not answer
    remembered.py  an answer for a question asked a moment ago, kept under a keyed hash; one flight for one question
    client.py    all of these together over HTTPS
    matching.py  a plan carried out, the patients scored by our own model, and a decision
    reconcile.py how what we hold differs from what the service holds
    emulator/    the service itself, on this machine, for tests and the demonstration

Source of the contract: NHS England, Personal Demographics Service FHIR API, release R4.
"""
