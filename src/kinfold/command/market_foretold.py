"""`kinfold market foretold`: how well the signals of years that are over foretold the next year's judgements."""

from __future__ import annotations

from dataclasses import asdict
from math import isnan

import typer

from kinfold.command.line import answer

foretold_app = typer.Typer(add_completion=False)  # its command is one of `kinfold market`


@foretold_app.command()
def foretold(as_json: bool = typer.Option(False, "--json", help="Answer as one JSON document.")) -> None:
    """
    Say how well a group's other homes foretold each home's next inspection, for each year of the register that is over.

    Example: kinfold market foretold
    """
    from kinfold.market.signals import back_test
    from kinfold.market.signals.back_test import judged_homes
    from kinfold.market.store import open_register
    from kinfold.terms.errors import InputError

    held = open_register()
    marches = sorted({day.year for day in held.days if (day.month, day.day) == (3, 31)})
    judged = [year for year in marches if not judged_homes(held, year).is_empty()]
    years = [back_test(held, year) for year in judged if year + 1 in judged]
    told = [one for one in years if one.homes and not isnan(one.area)]
    if not told:
        raise InputError(
            "No two Marches in a row of the register have judgements to compare. Load the files of more years."
        )
    lines = [
        f"March {one.year}: area under the curve {one.area:.2f} (0.5 is chance) over {one.homes:,} homes, "
        f"{one.base:.0%} of them judged below good in the year after"
        for one in told
    ]
    answer({"years": [asdict(one) for one in told]}, as_json=as_json, text="\n".join(lines))
