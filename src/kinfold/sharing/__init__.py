"""
Whether something about a child may be shared with another organisation, and why.

    agreements.py   data-sharing agreements as people write them, and the slow, plain way to ask them
    reading.py      an agreement read from a file, with words for what is wrong in it
    policy.py       all agreements compiled to one fast, immutable policy
    enforcing.py    the policy in force: revoked within a second, and closed when nobody can tell
    comparing.py    what would change between two versions
    lawful.py       on which lawful basis, for the practitioner who asks
"""
