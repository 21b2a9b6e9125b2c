"""
Words, numbers, days and places, as the law and the returns define them.

Every code, timescale and boundary here is dated and names its source, so a question about a past day
gets the answer of that day. Nothing in this room knows a child, a file, a database or a clock: what
day it is, and which bank holidays are known, is always handed in.
"""
