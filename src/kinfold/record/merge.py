"""
Two records of one person, joined and parted again by reversible links. No fact is ever moved or deleted.

A link says that `absorbed` and `kept` are the same person. It holds from the commit that made it to the
commit that undid it. The canonical person of a record is worked out from the links that hold, so that
undoing a link gives back exactly what was there before it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from kinfold.terms.errors import StructureBroken


@dataclass(frozen=True, slots=True, kw_only=True)
class SameAs:
    """One link: `absorbed` is the same person as `kept`, from commit `known_from` until undone in `known_to`."""

    id: int
    absorbed: int
    kept: int
    known_from: int
    known_to: int | None = None
    because: str = ""

    def holds_at(self, commit_number: int | None) -> bool:
        """Return whether the link held once that commit was made; with None, whether it holds now."""
        if commit_number is None:
            return self.known_to is None
        return self.known_from <= commit_number and (self.known_to is None or self.known_to > commit_number)


def merge(links: Sequence[SameAs], *, absorbed: int, kept: int, commit_number: int, because: str) -> tuple[SameAs, ...]:
    """
    Return the links with one more: `absorbed` is shown as part of `kept`.

    Raises StructureBroken if the two are one and the same record, or are already joined.
    """
    if absorbed == kept:
        raise StructureBroken("A person cannot be merged with themselves. Choose the other record.")
    if resolve(absorbed, links) == resolve(kept, links):
        raise StructureBroken("These two records are already one person.")
    number = max((link.id for link in links), default=0) + 1
    link = SameAs(id=number, absorbed=absorbed, kept=kept, known_from=commit_number, because=because)
    return (*links, link)


def unmerge(links: Sequence[SameAs], *, link_id: int, commit_number: int) -> tuple[SameAs, ...]:
    """
    Return the links with that one undone.

    Raises StructureBroken if there is no such link or it was undone before.
    """
    if not any(link.id == link_id and link.known_to is None for link in links):
        raise StructureBroken("This merge was undone before, or was never made.")
    return tuple(replace(link, known_to=commit_number) if link.id == link_id else link for link in links)


def resolve(person: int, links: Iterable[SameAs], *, commit_number: int | None = None) -> int:
    """
    Return the record under which `person` is shown: themselves if nothing is joined to them.

    All records that are joined have one answer, whatever the links look like: cycles and forks included.
    """
    held = [link for link in links if link.holds_at(commit_number)]
    return _canonical(_joined(person, _neighbours(held)), held)


def everyone_joined_to(person: int, links: Iterable[SameAs], *, commit_number: int | None = None) -> frozenset[int]:
    """Return every record of the same person, `person` included."""
    held = [link for link in links if link.holds_at(commit_number)]
    return _joined(person, _neighbours(held))


def resolve_all(links: Iterable[SameAs], *, commit_number: int | None = None) -> dict[int, int]:
    """Return the canonical record of every record that any link names; for lists, in one pass."""
    held = [link for link in links if link.holds_at(commit_number)]
    neighbours = _neighbours(held)
    answer: dict[int, int] = {}
    for person in neighbours:
        if person not in answer:
            group = _joined(person, neighbours)
            canonical = _canonical(group, [link for link in held if link.absorbed in group])
            answer.update(dict.fromkeys(group, canonical))
    return answer


def _neighbours(links: Iterable[SameAs]) -> Mapping[int, set[int]]:
    neighbours: dict[int, set[int]] = defaultdict(set)
    for link in links:
        neighbours[link.absorbed].add(link.kept)
        neighbours[link.kept].add(link.absorbed)
    return neighbours


def _joined(person: int, neighbours: Mapping[int, set[int]]) -> frozenset[int]:
    found, waiting = {person}, [person]
    while waiting:
        for other in neighbours.get(waiting.pop(), ()):
            if other not in found:
                found.add(other)
                waiting.append(other)
    return frozenset(found)


def _canonical(group: frozenset[int], links: Iterable[SameAs]) -> int:
    """Return the record that was kept last and was not absorbed itself; where links go round, the lowest number."""
    inside = [link for link in links if link.absorbed in group]
    absorbed = {link.absorbed for link in inside}
    roots = [(link.known_from, link.id, link.kept) for link in inside if link.kept not in absorbed]
    return max(roots)[2] if roots else min(group)
