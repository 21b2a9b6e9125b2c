"""
Children who move from one council to another: known to both, under two numbers, now and then under two names.

Both councils draw a mover from the same generator, which depends on the pair alone, so that each can be made without
the other. Only the truth file says that the two are one.
"""

from __future__ import annotations

from kinfold.synthetic.chance import chance_for
from kinfold.synthetic.children import Nursery
from kinfold.synthetic.cutting import closed_on
from kinfold.synthetic.days import birthday, working_day_on_or_after
from kinfold.synthetic.geography import Ground
from kinfold.synthetic.need import Numbers, Outline, outline_of, referral_of
from kinfold.synthetic.people import surname_of
from kinfold.synthetic.window import Window
from kinfold.synthetic.world import Child
from kinfold.terms.places import DemoAuthority


def movers_out(
    seed: int,
    council: DemoAuthority,
    ground: Ground,
    numbers: Numbers,
    window: Window,
    *,
    to: DemoAuthority,
    count: int,
) -> list[Child]:
    """Return the children who left this council for `to`, each with a case closed on the day of the move."""
    found = []
    for number, (moved, child, other) in enumerate(_moves(seed, council, to, ground, window, count)):
        chance = chance_for(seed, "mover out", council.la_code, to.la_code, number)
        made = working_day_on_or_after(moved - chance.randrange(150, 600))
        referral = referral_of(chance, numbers, Outline(made, moved, "in_need"), visits_from=window.visits_from)
        closed_on(referral, moved)
        referral.closure_reason = "RC5"
        child.referrals, child.first_seen = [referral], made
        child.elsewhere = (to.la_code, other)
        found.append(child)
    return found


def movers_into(
    seed: int,
    council: DemoAuthority,
    ground: Ground,
    numbers: Numbers,
    window: Window,
    *,
    from_: DemoAuthority,
    count: int,
) -> list[Child]:
    """Return the children who came to this council from `from_`, each referred soon after the move."""
    found = []
    for number, (moved, child, other) in enumerate(_moves(seed, from_, council, ground, window, count)):
        chance = chance_for(seed, "mover into", from_.la_code, council.la_code, number)
        made = working_day_on_or_after(moved + chance.randrange(0, 40))
        drawn = outline_of(chance, made)
        child.la_child_id, other = other, child.la_child_id
        child.referrals = [referral_of(chance, numbers, drawn, visits_from=window.visits_from)]
        child.home = ground.home(chance)
        child.first_seen, child.elsewhere = made, (from_.la_code, other)
        if chance.random() < 0.12:
            child.surname = surname_of(chance, child.ethnicity)
        found.append(child)
    return found


def _moves(
    seed: int, from_: DemoAuthority, to: DemoAuthority, ground: Ground, window: Window, count: int
) -> list[tuple[int, Child, str]]:
    """Return (day of the move, the child under the first council's number, the number in the second) for each mover."""
    leaving = Nursery(seed, from_, ground, window.today, "out")
    arriving = Nursery(seed, to, ground, window.today, "into")
    chance = chance_for(seed, "moves", from_.la_code, to.la_code)
    found = []
    for _ in range(count):
        moved = window.need_from + chance.randrange(30, window.last - window.need_from - 30)
        birth = birthday(moved, -chance.randrange(1, 15)) - chance.randrange(1, 360)
        found.append((moved, leaving.child(birth, eldest_born=birth), arriving.number()))
    return found
