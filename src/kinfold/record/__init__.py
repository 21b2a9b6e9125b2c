"""
The record: seven words, the declared kinds, and what is held true "as known at" a moment.

It knows no database: `declare` says what a kind is, `claim` what a door hands over, `in_time` which
version of a fact was held when, `expectations` what a reader should be warned about.
"""
