"""
The statutory clock: 170 duties as dated data, and what they make due for each person.

`duty_catalogue` gives the duties, `clocks` works out what is running, met and late from facts, `gates` what must come
before a decision, `due` answers for one date, `prove` shows facts, rule and arithmetic, `commencement` holds the
switches of duties that are enacted and wait for a day.
"""

from kinfold.duties.ageing import look_again
from kinfold.duties.calendars import Calendars, SchoolTerm, calendars_known_on
from kinfold.duties.catalogue import Catalogue, catalogue_rows, duty_catalogue, read_catalogue
from kinfold.duties.clock import Clock, State, recounted, sentence, wall_on
from kinfold.duties.clocks import clocks, clocks_of
from kinfold.duties.commencement import compare, days_in_force, switches
from kinfold.duties.due import DueAnswer, due, parse_trigger
from kinfold.duties.duty import Commencement, Duty, Sureness
from kinfold.duties.gates import Gate, GateState, Override, Proposal, asked, gates_for, where_it_lies
from kinfold.duties.posts import held_post, notified, posts, posts_of
from kinfold.duties.prove import Proof, prove, replay, timeliness
from kinfold.duties.story import Council, Story, one_story
from kinfold.duties.world import World

__all__ = [
    "Calendars",
    "Catalogue",
    "Clock",
    "Commencement",
    "Council",
    "DueAnswer",
    "Duty",
    "Gate",
    "GateState",
    "Override",
    "Proof",
    "Proposal",
    "SchoolTerm",
    "State",
    "Story",
    "Sureness",
    "World",
    "asked",
    "calendars_known_on",
    "catalogue_rows",
    "clocks",
    "clocks_of",
    "compare",
    "days_in_force",
    "due",
    "duty_catalogue",
    "gates_for",
    "held_post",
    "look_again",
    "notified",
    "one_story",
    "parse_trigger",
    "posts",
    "posts_of",
    "prove",
    "read_catalogue",
    "recounted",
    "replay",
    "sentence",
    "switches",
    "timeliness",
    "wall_on",
    "where_it_lies",
]
