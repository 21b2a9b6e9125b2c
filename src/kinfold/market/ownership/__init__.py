"""
Ownership: who controls, who has what economic interest, who is registered. Three questions, three answers.

    from kinfold.market.ownership import graph_on, economic_interests, control_set, registered_persons

    graph = graph_on(entities, interests, date(2026, 4, 1))
    economic_interests(graph).of("GB-COH-01234567")     # ultimate owners with their interest, as bands
    control_set(graph, "person|...")                    # what somebody controls, by which test of s.1162
"""

from kinfold.market.ownership.companies_house import registered_persons
from kinfold.market.ownership.control import control_set, controllers
from kinfold.market.ownership.economic import economic_interests
from kinfold.market.ownership.graph import Entity, Graph, Interest, graph_on

__all__ = [
    "Entity",
    "Graph",
    "Interest",
    "control_set",
    "controllers",
    "economic_interests",
    "graph_on",
    "registered_persons",
]
