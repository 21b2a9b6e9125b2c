"""
Kinfold: open software for England's children's social care.

Facts come in through a door, are kept once, and everything else is worked out from them.
The rooms, low to high, are listed in `.importlinter`; each room's `__init__` says what it promises.
"""

__version__ = "0.1.0"
