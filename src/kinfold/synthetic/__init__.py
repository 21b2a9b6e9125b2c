"""
An invented England, calibrated to the published one and written as the files that councils really send.

`invent` writes it; `check` reads the files back and sets each figure beside the published one. Every child, council,
worker, company and home is invented; only postcodes are real.
"""

from kinfold.synthetic.check import Figure, check
from kinfold.synthetic.invent import SCALES, Made, invent
from kinfold.synthetic.written import FORMATS

__all__ = ["FORMATS", "SCALES", "Figure", "Made", "check", "invent"]
