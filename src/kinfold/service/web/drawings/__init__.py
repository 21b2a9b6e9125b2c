"""
Drawings made on the server: pure functions from values to SVG, without Django, network or clock.

Each drawing is a small frozen object (`Story`, `Family`, `AreaMap`, `BarChart`, `LineChart`, `Spark`), and each has three
companions: the picture, the sentence that says the same, and the rows of the table that says it in full.
`figure.figure_of(anything)` gives all of them at once; the template tag `{% drawing %}` shows them together.
"""

# Each registers what it can draw with `figure_of`.
from kinfold.service.web.drawings import bars, map, network, spark, timeline

__all__ = ["bars", "map", "network", "spark", "timeline"]
