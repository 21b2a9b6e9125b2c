"""
The national demographic service on this machine, over invented people, for tests and the demonstration.

It keeps the published contract: parameters, minimum of a search, words of every refusal, forms of every answer, tokens,
quota. Its *scores* are ours, because the service's rule is not public: they are weighted agreement, in the published
examples' range, and say nothing about how the real service would score.

    people.py     the invented people, and how they are loaded
    rules.py      what a search may ask
    searching.py  whom a search finds
    fhir.py       how answers are written
    service.py    one request answered, with tokens, quota and faults that a test switches on
    server.py     all of it over HTTP on this machine
"""
